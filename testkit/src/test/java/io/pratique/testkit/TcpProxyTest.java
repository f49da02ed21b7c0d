package io.pratique.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpProxyTest {

    private ServerSocket server;
    private TcpProxy network;

    /** A server that answers each byte with the next one. */
    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        network = TcpProxy.to(server.getLocalPort());
        daemon(() -> {
            while (true) {
                Socket client = server.accept();
                daemon(() -> {
                    for (int b = client.getInputStream().read();
                            b >= 0;
                            b = client.getInputStream().read()) {
                        client.getOutputStream().write(b + 1);
                    }
                });
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        network.close();
        server.close();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), network.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static int ask(Socket socket, int question) throws IOException {
        socket.getOutputStream().write(question);
        return socket.getInputStream().read();
    }

    private static void assertEnded(Socket socket) {
        await().untilAsserted(() -> {
            int answer;
            try {
                answer = ask(socket, 1);
            } catch (IOException reset) {
                assertThat(reset).isNotInstanceOf(SocketTimeoutException.class);
                return;
            }
            assertThat(answer).isEqualTo(-1);
        });
    }

    @Test
    void passesOnBothWays() throws Exception {
        try (Socket one = connect();
                Socket other = connect()) {
            assertThat(ask(one, 1)).isEqualTo(2);
            assertThat(ask(other, 7)).isEqualTo(8);
            assertThat(network.connections()).isEqualTo(2);
            assertThat(network.accepted()).isEqualTo(2);
        }
        await().until(() -> network.connections() == 0);
    }

    @Test
    void hangsAndPassesOnWhatItHeldBack() throws Exception {
        try (Socket socket = connect()) {
            assertThat(ask(socket, 1)).isEqualTo(2);
            network.hang();
            socket.setSoTimeout(50);
            assertThatThrownBy(() -> ask(socket, 3)).isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(20_000);

            network.pass();

            assertThat(socket.getInputStream().read()).isEqualTo(4);
        }
    }

    @Test
    void acceptsWhileItHangs() throws Exception {
        network.hang();
        try (Socket socket = connect()) {
            await().until(() -> network.accepted() == 1);
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void delays() throws Exception {
        try (Socket socket = connect()) {
            network.delay(Duration.ofHours(1));
            socket.setSoTimeout(50);
            assertThatThrownBy(() -> ask(socket, 3)).isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(20_000);

            network.delay(Duration.ofMillis(1));

            assertThat(socket.getInputStream().read()).isEqualTo(4);
        }
    }

    @Test
    void cutsAndAcceptsAgain() throws Exception {
        try (Socket socket = connect()) {
            assertThat(ask(socket, 1)).isEqualTo(2);

            network.cut();

            assertEnded(socket);
        }
        try (Socket socket = connect()) {
            assertThat(ask(socket, 1)).isEqualTo(2);
        }
    }

    @Test
    void refusesUntilToldToPass() throws Exception {
        network.refuse();
        try (Socket socket = connect()) {
            assertEnded(socket);
        }
        assertThat(network.accepted()).isZero();

        network.pass();

        try (Socket socket = connect()) {
            assertThat(ask(socket, 1)).isEqualTo(2);
        }
    }

    @Test
    void serverThatIsAwayEndsTheConnection() throws Exception {
        server.close();

        try (Socket socket = connect()) {
            assertEnded(socket);
        }
    }

    @Test
    void closedProxyListensNoLonger() throws Exception {
        network.close();

        // The port is given back by the thread that accepts, once it has noticed.
        await().untilAsserted(() -> assertThatThrownBy(() -> connect().close()).isInstanceOf(IOException.class));
    }
}
