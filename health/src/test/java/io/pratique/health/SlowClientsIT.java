package io.pratique.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.readiness.ReadinessGate;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hundreds of clients that take their time, and one that does not. */
@Tag("H-1")
class SlowClientsIT {

    private static final int CLIENTS = 300;
    private static final int PROBES = 100;
    private static final String BEGUN = "GET /health/ready HTTP/1.1\r\nHost: slow\r\nX-Slow: ";

    private final ReadinessGate gate = ReadinessGate.builder().build();
    private final FlagClient flags = Gates.flags(java.util.Map.of());
    private final String muchText = "a_metric_of_many 1\n".repeat(400_000);
    private final HealthServer server = HealthServer.start(
            HealthEndpoints.builder("worker", gate)
                    .token("token")
                    .flags(flags)
                    .metrics(() -> muchText)
                    .build(),
            Http.loopback(0));
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService dripping = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void close() throws IOException {
        dripping.shutdownNow();
        for (Socket client : clients) {
            client.close();
        }
        server.close();
        gate.close();
        flags.close();
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static Stream<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pratique-health-"));
    }

    private void connect(int count, String firstWords) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = Http.connect(server.port());
            clients.add(socket);
            if (!firstWords.isEmpty()) {
                Http.write(socket, firstWords);
            }
        }
    }

    private void assertThatProbesAreAnswered() throws IOException {
        for (int i = 0; i < PROBES; i++) {
            Http.Reply reply = Http.get(server.port(), i % 2 == 0 ? "/health/ready" : "/health/live");
            assertThat(reply.status()).isEqualTo(200);
        }
        assertThat(threads())
                .as("threads for requests, and a sweeper")
                .hasSizeLessThanOrEqualTo(RequestThreads.MOST + 1);
    }

    @Test
    void thatNeverEndTheirHeadersHoldNothing() throws IOException {
        connect(CLIENTS, BEGUN);
        assertThatProbesAreAnswered();
    }

    @Test
    void thatSendAByteAtATimeHoldNothing() throws IOException {
        connect(CLIENTS, "G");
        var unused = dripping.scheduleWithFixedDelay(() -> clients.forEach(this::drip), 0, 10, TimeUnit.MILLISECONDS);
        assertThatProbesAreAnswered();
    }

    /** A server that has cut a client off refuses its next byte. The client comes again. */
    private void drip(Socket socket) {
        try {
            Http.write(socket, "E");
        } catch (IOException cutOff) {
            clients.remove(socket);
            try {
                socket.close();
                connect(1, "G");
            } catch (IOException refused) {
                assertThat(refused).isNotNull();
            }
        }
    }

    @Test
    void thatSayNothingHoldNothing() throws IOException {
        connect(CLIENTS, "");
        assertThatProbesAreAnswered();
    }

    @Test
    void withHugeHeadersHoldNothing() throws IOException {
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Socket socket = Http.connect(server.port());
            clients.add(socket);
            Thread sender = new Thread(() -> sendWithoutEnd(socket), "sender-" + i);
            sender.start();
            senders.add(sender);
        }
        assertThatProbesAreAnswered();
        await().atMost(Duration.ofMinutes(1)).until(() -> senders.stream().noneMatch(Thread::isAlive));
    }

    /** Ends when the server has had enough. */
    private static void sendWithoutEnd(Socket socket) {
        String line = "a".repeat(8_000);
        try {
            Http.write(socket, BEGUN);
            while (true) {
                Http.write(socket, line);
            }
        } catch (IOException cutOff) {
            assertThat(cutOff).isNotNull();
        }
    }

    @Test
    void thatAskWithoutReadingHoldNothing() throws IOException {
        connect(CLIENTS, "GET /health HTTP/1.1\r\nHost: slow\r\n\r\n".repeat(100));
        assertThatProbesAreAnswered();
    }

    @Test
    void thatDoNotReadALongAnswerHoldNothing() throws IOException {
        for (int i = 0; i < 80; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(Http.loopback(server.port()));
            clients.add(socket);
            Http.write(socket, "GET /metrics HTTP/1.1\r\nHost: slow\r\nAuthorization: Bearer token\r\n\r\n");
        }
        assertThatProbesAreAnswered();
    }

    @Test
    void thatOweTheirBodyHoldNothing() throws IOException {
        connect(CLIENTS, "POST /health HTTP/1.1\r\nHost: slow\r\nContent-Length: 50000\r\n\r\nx");
        connect(CLIENTS, "GET /health HTTP/1.1\r\nHost: slow\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nx");
        assertThatProbesAreAnswered();
    }

    @Test
    void areCutOffInTheEndThoughNobodyElseComes() throws IOException {
        try (HealthServer strict = HealthServer.start(
                        HealthEndpoints.builder("worker", gate).build(), Http.loopback(0), 4, Duration.ofMillis(300));
                Socket slow = Http.connect(strict.port())) {
            Http.write(slow, BEGUN);
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }
}
