package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("H-2")
class HealthCommandTest {

    private static final String HEALTHY = "{\"status\":\"healthy\",\"service\":\"worker\",\"ready\":true,"
            + "\"checks\":{\"database\":{\"outcome\":\"UP\",\"critical\":true,\"reason\":\"OK\"}}}";

    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    private Command ask(int status, String body, String... more) {
        server.createContext("/health", exchange -> {
            try (exchange) {
                send(exchange, status, body);
            }
        });
        return ask(more);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private Command ask(String... more) {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "health";
        arguments[1] = "http://ops:hunter2@localhost:" + server.getAddress().getPort() + "?key=hunter2";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return Command.run(arguments);
    }

    @Test
    void saysWhatEachCheckFound() {
        assertThat(ask(200, HEALTHY).succeeds().lines())
                .containsExactly("worker healthy", "   - database: UP (critical), OK since ?");
    }

    @Test
    void givesTheReportAsItIs() {
        assertThat(ask(200, HEALTHY, "--format", "json").succeeds().out()).contains("\"service\" : \"worker\"");
    }

    @ParameterizedTest
    @CsvSource({
        "200, false, 1",
        "200, true, 0",
        "503, true, 1",
        "503, false, 1",
        "302, true, 3",
        "404, true, 3",
        "401, true, 3"
    })
    void isZeroOnlyForAProcessThatIsReady(int status, String ready, int code) {
        Command asked = ask(status, "{\"status\":\"degraded\",\"ready\":" + ready + "}");

        assertThat(asked.code()).as(asked.err()).isEqualTo(code);
    }

    @Test
    void isNotAReportOfSomethingElse() {
        Command failed = ask(200, "<html>");

        assertThat(failed.code()).isEqualTo(3);
        assertThat(failed.err()).contains("localhost", "no health report").doesNotContain("hunter2");
    }

    /** The timeout is for all of it, not for the head only. */
    @Test
    void waitsNotForEverForTheRestOfAnAnswer() {
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            awaitTheEnd();
        });
        Command failed = ask("--timeout", "300ms");

        assertThat(failed.code()).isEqualTo(3);
        assertThat(failed.err()).contains("does not answer within PT0.3S").doesNotContain("hunter2");
    }

    private void awaitTheEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void readsNoMoreThanAReportMayBe() {
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
            try (OutputStream body = exchange.getResponseBody()) {
                while (end.getCount() > 0) {
                    body.write(spaces);
                }
            }
        });
        assertThat(ask("--timeout", "1m").err()).contains("no health report");
    }

    @Test
    void namesWhatIsAway() {
        server.stop(0);
        Command failed = ask();

        assertThat(failed.code()).isEqualTo(3);
        assertThat(failed.err()).contains("localhost", "is the process up").doesNotContain("hunter2");
    }

    @Test
    void refusesWhatIsNoUrlOfAnEndpoint() {
        assertThat(Command.run("health", "localhost:8080").code()).isEqualTo(2);
        assertThat(Command.run("health", "ftp://u:hunter2@host").err()).doesNotContain("hunter2");
        assertThat(Command.run("health", "http://u:hunter 2@ho st/").err()).doesNotContain("hunter");
        assertThat(Command.run("health", "http://h/health?key=hunter2|x").err()).doesNotContain("hunter2");
        assertThat(Command.run("health", "http://h/health", "--timeout", "0s").err())
                .contains("more than nothing");
    }
}
