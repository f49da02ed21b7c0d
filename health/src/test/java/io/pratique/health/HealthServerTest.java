package io.pratique.health;

import static io.pratique.health.Gates.heard;
import static io.pratique.health.Gates.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ReadinessGate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("H-1")
class HealthServerTest {

    private static final String BEARER = "Authorization: Bearer token";

    private final AtomicBoolean up = new AtomicBoolean(true);

    private ReadinessGate gate;
    private HealthEndpoints endpoints;
    private HealthServer server;

    @BeforeEach
    void start() {
        gate = heard(ReadinessGate.builder()
                .probe("database", () -> up.get() ? ProbeResult.up() : ProbeResult.down("gone"))
                .always("database"));
        endpoints = HealthEndpoints.builder("worker", gate)
                .token("token")
                .metrics(() -> "up 1\n")
                .build();
        server = HealthServer.start(endpoints, Http.loopback(0));
    }

    @AfterEach
    void close() {
        server.close();
        gate.close();
    }

    @Nested
    class Answers {

        @ParameterizedTest
        @ValueSource(strings = {"/health/live", "/health/ready", "/health", "/health/ready?verbose=1"})
        void areThoseOfTheEndpoints(String path) throws IOException {
            Http.Reply reply = Http.get(server.port(), path);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(parse(reply.body()).get("service").textValue()).isEqualTo("worker");
        }

        @Test
        void followTheGate() throws IOException {
            gate.drain(java.time.Duration.ofSeconds(1));
            assertThat(Http.get(server.port(), "/health/ready").status()).isEqualTo(503);
            assertThat(Http.get(server.port(), "/health/live").status()).isEqualTo(200);
        }

        @Test
        @Tag("H-3")
        void needTheTokenWhereTheyAreSecret() throws IOException {
            assertThat(Http.get(server.port(), "/metrics").status()).isEqualTo(401);
            Http.Reply reply = Http.get(server.port(), "/metrics", BEARER);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo("up 1\n");
            assertThat(parse(Http.get(server.port(), "/health", BEARER).body()).has("jobs"))
                    .isTrue();
        }

        @Test
        void toHeadHaveNoBody() throws IOException {
            Http.Reply reply = Http.send(server.port(), "HEAD", "/health/ready");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEmpty();
        }

        @Test
        void toOtherMethodsNameThoseThatAreAllowed() throws IOException {
            Http.Reply reply = Http.send(server.port(), "DELETE", "/health");
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
        }

        @ParameterizedTest
        @ValueSource(strings = {"/", "/health/x", "/healthy", "/health%2Fready", "/health/../health/x"})
        void toOtherPathsAreNotFound(String path) throws IOException {
            assertThat(Http.get(server.port(), path).status()).isEqualTo(404);
        }

        @Test
        void doNotReadTheBody() throws IOException {
            Http.Reply reply =
                    Http.raw(server.port(), "POST /health HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(reply.status()).isEqualTo(405);
        }

        @Test
        void comeToHttp10Too() throws IOException {
            assertThat(Http.raw(server.port(), "GET /health/ready HTTP/1.0\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"\u0000\u0001\u0002\r\n\r\n", "GET\r\n\r\n", "GET mailto:x HTTP/1.1\r\n\r\n", "\r\n\r\n"})
        void goOnAfterNonsense(String nonsense) throws IOException {
            try (Socket socket = Http.connect(server.port())) {
                Http.write(socket, nonsense);
                assertThat(Http.get(server.port(), "/health/ready").status()).isEqualTo(200);
            }
        }
    }

    @Nested
    class Start {

        @Test
        void refusesAPortInUseAndNamesIt() {
            int taken = server.port();
            assertThatThrownBy(() -> HealthServer.start(endpoints, Http.loopback(taken)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("health server cannot listen on")
                    .hasMessageContaining(":" + taken + "\"")
                    .hasMessageContaining("stop what listens on port " + taken + ", or choose another port")
                    .hasCauseInstanceOf(IOException.class);
        }

        @Test
        void leavesNoThreadBehindWhereAPortIsInUse() {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            assertThatThrownBy(() -> HealthServer.start(endpoints, Http.loopback(server.port())))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("pratique-health-sweeper"))
                    .isSubsetOf(before);
        }

        @ParameterizedTest
        @ValueSource(ints = {-1, 65_536})
        void refusesWhatIsNoPort(int port) {
            assertThatThrownBy(() -> HealthServer.start(endpoints, port))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("from 0 to 65535, but is \"" + port + "\"");
        }

        @Test
        void refusesAnUnknownHost() {
            InetSocketAddress unknown = InetSocketAddress.createUnresolved("health.invalid", 0);
            assertThatThrownBy(() -> HealthServer.start(endpoints, unknown))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("health.invalid");
        }

        @Test
        void onAllInterfacesTakesAFreePort() throws IOException {
            try (HealthServer other = HealthServer.start(endpoints, 0)) {
                assertThat(other.port()).isPositive().isNotEqualTo(server.port());
                assertThat(Http.get(other.port(), "/health/live").status()).isEqualTo(200);
                assertThat(other).hasToString("HealthServer[port " + other.port() + "]");
            }
        }

        @Test
        void keepsNoJvmAlive() throws IOException {
            assertThat(Http.get(server.port(), "/health/live").status()).isEqualTo(200);
            List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("HTTP-Dispatcher")
                            || thread.getName().startsWith("pratique-health"))
                    .toList();
            assertThat(threads).isNotEmpty().allMatch(Thread::isDaemon);
        }
    }

    @Nested
    class Close {

        @Test
        void freesThePortAtOnce() throws IOException {
            int port = server.port();
            server.close();
            server.close();
            assertThat(server.port()).isEqualTo(port);
            try (ServerSocket next = new ServerSocket()) {
                next.setReuseAddress(true);
                next.bind(Http.loopback(port));
                assertThat(next.isBound()).isTrue();
            }
        }

        @Test
        void doesNotWaitForClients() throws IOException {
            CountDownLatch never = new CountDownLatch(1);
            CountDownLatch asked = new CountDownLatch(1);
            AtomicBoolean interrupted = new AtomicBoolean();
            HealthEndpoints hanging = HealthEndpoints.builder("worker", gate)
                    .token("token")
                    .metrics(() -> {
                        asked.countDown();
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            interrupted.set(true);
                        }
                        return "";
                    })
                    .build();
            HealthServer other = HealthServer.start(hanging, Http.loopback(0));
            try (Socket silent = Http.connect(other.port());
                    Socket begun = Http.connect(other.port());
                    Socket waiting = Http.connect(other.port())) {
                Http.write(begun, "GET /hea");
                Http.write(waiting, "GET /metrics HTTP/1.1\r\nHost: t\r\n" + BEARER + "\r\n\r\n");
                await().until(() -> asked.getCount() == 0);
                other.close();
                for (Socket socket : List.of(silent, begun, waiting)) {
                    assertThat(endOf(socket)).isTrue();
                }
                await().until(interrupted::get);
            }
        }

        /** Waits until the other side has closed. */
        private static boolean endOf(Socket socket) {
            try {
                return socket.getInputStream().read() == -1;
            } catch (java.net.SocketTimeoutException stillOpen) {
                return false;
            } catch (IOException reset) {
                return true;
            }
        }
    }
}
