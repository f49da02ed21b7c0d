package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.pratique.probes.AnswerTable.Case;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("P-4")
class HttpProbeTest {

    private static final Deque<AutoCloseable> OPEN = new ConcurrentLinkedDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    private static URI at(int port, String path) {
        return URI.create("http://localhost:" + port + path);
    }

    private static HttpProbe probe(int port) {
        return HttpProbe.of(at(port, "/health?token=geheim")).timeout(AnswerTable.PATIENCE);
    }

    /** A server that always answers so. */
    private static HttpProbe answering(int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        OPEN.push(() -> server.stop(0));
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Location", "http://localhost:1/");
            exchange.getResponseHeaders().set("Retry-After", "1");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return probe(server.getAddress().getPort());
    }

    /** What a server does with a connection. */
    private interface Manners {

        void meet(Socket socket) throws Exception;
    }

    private static int serving(Manners manners) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        OPEN.push(server);
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    OPEN.push(socket);
                    manners.meet(socket);
                }
            } catch (Exception closed) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void requestOf(Socket socket) throws IOException {
        int newlines = 0;
        while (newlines < 2) {
            int each = socket.getInputStream().read();
            newlines = each == '\n' ? newlines + 1 : each == '\r' ? newlines : 0;
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        requestOf(socket);
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static final Duration SHORT = Duration.ofMillis(300);

    static Stream<Case> answers() {
        return Stream.of(
                row("200 to 299, or a status of `expect(..)`", Outcome.UP, () -> answering(204)),
                row("500 to 599, 503 with `Retry-After` too", Outcome.DOWN, () -> answering(503)),
                row("404, 410", Outcome.DOWN, () -> answering(404)),
                row("429", Outcome.SATURATED, () -> answering(429)),
                row("300 to 399", Outcome.BROKEN, () -> answering(302)),
                row("401, 403, 407", Outcome.BROKEN, () -> answering(403)),
                row("any other status", Outcome.BROKEN, () -> answering(418)),
                row("connection refused", Outcome.DOWN, () -> probe(closedPort())),
                row(
                        "unknown host",
                        Outcome.DOWN,
                        () -> HttpProbe.of(URI.create("http://nowhere.invalid/"))
                                .timeout(AnswerTable.PATIENCE)),
                row(
                        "accepts and never answers",
                        Outcome.DOWN,
                        () -> probe(serving(socket -> {})).timeout(SHORT)),
                row(
                        "hangs up without an answer",
                        Outcome.DOWN,
                        () -> probe(serving(socket -> {
                            requestOf(socket);
                            socket.shutdownOutput();
                        }))),
                row(
                        "answers, and the body does not end",
                        Outcome.DOWN,
                        () -> probe(serving(
                                        socket -> send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")))
                                .timeout(SHORT)),
                row(
                        "answers what is not HTTP",
                        Outcome.BROKEN,
                        () -> probe(serving(socket -> send(socket, "220 mail.example.org ESMTP\r\n\r\n")))),
                row(
                        "TLS fails, or a certificate is not trusted",
                        Outcome.BROKEN,
                        () -> HttpProbe.of(URI.create("https://localhost:"
                                        + serving(socket ->
                                                socket.getOutputStream().write(new byte[64]))))
                                .timeout(AnswerTable.PATIENCE)));
    }

    private static Case row(String answer, Outcome outcome, Callable<Probe> scene) {
        return new Case("HttpProbe", answer, outcome, scene);
    }

    @ParameterizedTest
    @MethodSource("answers")
    @Tag("R-3")
    void isTakenFor(Case each) throws Exception {
        String detail = each.verify().detail();
        assertThat(String.valueOf(detail)).doesNotContain("geheim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Broken pipe", "Connection reset by peer", "Connection reset"})
    void isDownWhereAConnectionEndsBeforeTheRequestIsSent(String message) {
        IOException hungUp = new IOException("HTTP/1.1 header parser received no bytes", new IOException(message));

        assertThat(probe(1).classify(hungUp)).extracting(ProbeResult::outcome).isEqualTo(Outcome.DOWN);
    }

    @Test
    void isTakenForAsTheGuideSays() {
        AnswerTable.assertShown("HttpProbe", answers().toList());
    }

    @Nested
    class Statuses {

        @Test
        void thatAreExpectedAreUpAndNoOthers() throws Exception {
            HttpProbe probe = answering(401).expect(200, 401);
            assertThat(probe.check().outcome()).isEqualTo(Outcome.UP);
            assertThatThrownBy(answering(204).expect(200)::check).isInstanceOf(IOException.class);
        }

        @Test
        void areToldApartInWords() throws Exception {
            assertThatThrownBy(answering(302)::check)
                    .hasMessageContainingAll("GET http://localhost:", "/health answers 302: it redirects");
            assertThatThrownBy(answering(401)::check).hasMessageContaining("401: it wants to know who asks");
            assertThatThrownBy(answering(403)::check).hasMessageContaining("403: it does not let this probe in");
            assertThat(answering(404).check().detail()).endsWith("/health answers 404");
        }
    }

    @Nested
    class Requests {

        private final AtomicReference<String> seen = new AtomicReference<>();

        private HttpProbe recorded(long length) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            OPEN.push(() -> server.stop(0));
            server.createContext("/", exchange -> {
                seen.set(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + exchange.getRequestHeaders().getFirst("X-Token"));
                exchange.sendResponseHeaders(200, length);
                try (OutputStream body = exchange.getResponseBody()) {
                    for (long sent = 0; sent < length; sent += 8192) {
                        body.write(new byte[8192]);
                    }
                }
            });
            server.start();
            return probe(server.getAddress().getPort());
        }

        @Test
        void haveTheMethodTheQueryAndFreshHeaders() throws Exception {
            AtomicReference<String> token = new AtomicReference<>("first");
            HttpProbe probe = recorded(-1).head().headers(() -> Map.of("X-Token", token.get()));

            probe.check();
            assertThat(seen).hasValue("HEAD /health?token=geheim first");

            token.set("second");
            probe.check();
            assertThat(seen).hasValue("HEAD /health?token=geheim second");
        }

        @Test
        void readNoMoreThanTheBeginningOfABodyWithoutEnd() throws Exception {
            assertThat(recorded(1L << 40).check().outcome()).isEqualTo(Outcome.UP);
        }

        @Test
        void withAHeaderThatCannotBeSentAreBrokenAndDoNotShowIt() throws Exception {
            HttpProbe probe = recorded(-1).headers(() -> Map.of("X-Token", "geheim\r\n"));

            assertThatThrownBy(probe::check)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the header \"X-Token\" has no value that can be sent")
                    .hasNoCause();
        }
    }

    @Test
    void refusesWhatItCannotAsk() {
        HttpProbe probe = HttpProbe.of(URI.create("http://localhost/"));
        assertThatThrownBy(() -> HttpProbe.of(null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpProbe.of(URI.create("file:///x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(probe::expect).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> probe.expect(200, 600)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> probe.headers(null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> probe.timeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}
