package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.probes.AnswerTable.Case;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("P-4")
class TcpProbeTest {

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    private static ServerSocket listening(int backlog) throws Exception {
        ServerSocket server = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
        OPEN.push(server);
        return server;
    }

    private static TcpProbe probe(int port) {
        return TcpProbe.of("localhost", port).timeout(AnswerTable.PATIENCE);
    }

    /** Nobody accepts, and the queue is full: the operating system lets further connections wait. */
    private static TcpProbe full() throws Exception {
        ServerSocket server = listening(1);
        for (int i = 0; i < 2; i++) {
            OPEN.push(new Socket(server.getInetAddress(), server.getLocalPort()));
        }
        return TcpProbe.of("localhost", server.getLocalPort()).timeout(Duration.ofMillis(100));
    }

    static Stream<Case> answers() {
        return Stream.of(
                row(
                        "takes the connection",
                        Outcome.UP,
                        () -> probe(listening(50).getLocalPort())),
                row("connection refused", Outcome.DOWN, () -> {
                    ServerSocket server = listening(1);
                    server.close();
                    return probe(server.getLocalPort());
                }),
                row("unknown host", Outcome.DOWN, () -> TcpProbe.of("nowhere.invalid", 25)),
                row("no connection in time", Outcome.DOWN, TcpProbeTest::full));
    }

    private static Case row(String answer, Outcome outcome, Callable<Probe> scene) {
        return new Case("TcpProbe", answer, outcome, scene);
    }

    @ParameterizedTest
    @MethodSource("answers")
    @Tag("R-3")
    void isTakenFor(Case each) throws Exception {
        each.verify();
    }

    @Test
    void isTakenForAsTheGuideSays() {
        AnswerTable.assertShown("TcpProbe", answers().toList());
    }

    @Test
    void refusesWhatIsNoPort() {
        assertThatThrownBy(() -> TcpProbe.of("localhost", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TcpProbe.of(" ", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> probe(1).timeout(Duration.ofDays(1))).isInstanceOf(IllegalArgumentException.class);
    }
}
