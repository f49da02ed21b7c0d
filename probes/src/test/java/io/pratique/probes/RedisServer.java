package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.testkit.FreePort;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** A real server in a process of its own, which can be killed and made to hang. */
final class RedisServer implements AutoCloseable {

    private static final File EXECUTABLE = executable();

    private final Path directory;
    private final int port;
    private final List<String> command;
    private Process process;

    private RedisServer(List<String> arguments) throws IOException {
        directory = Files.createTempDirectory("pratique-probe-redis");
        port = FreePort.next();
        command = new ArrayList<>(List.of(EXECUTABLE.getAbsolutePath()));
        command.addAll(arguments);
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", directory.toString()));
    }

    private static File executable() {
        try {
            return ExecutableProvider.newJarResourceProvider().get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RedisServer start(String... options) throws IOException {
        RedisServer server = new RedisServer(
                Stream.concat(Stream.of("--save", ""), Stream.of(options)).toList());
        server.startAgain();
        return server;
    }

    /** One that watches over a master, which it calls {@code main}. */
    static RedisServer startSentinel(RedisServer master) throws IOException {
        Path config = Files.createTempFile("pratique-probe-sentinel", ".conf");
        Files.writeString(config, """
                sentinel monitor main 127.0.0.1 %d 1
                sentinel down-after-milliseconds main 300
                sentinel failover-timeout main 2000
                """.formatted(master.port));
        RedisServer sentinel = new RedisServer(List.of(config.toString(), "--sentinel"));
        sentinel.startAgain();
        return sentinel;
    }

    void startAgain(String... more) throws IOException {
        process = new ProcessBuilder(
                        Stream.concat(command.stream(), Stream.of(more)).toList())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        await().pollInterval(Duration.ofMillis(5)).until(this::takesConnections);
    }

    private boolean takesConnections() throws IOException {
        assertThat(process.isAlive()).as(() -> log()).isTrue();
        try {
            return !ask("PING").isEmpty();
        } catch (IOException notYet) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    Path directory() {
        return directory;
    }

    /** Sends a line, and gives the first line of the answer. */
    String ask(String line) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            String answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return answer == null ? "" : answer;
        }
    }

    /** Whether one of the lines of a longer answer begins so. Who becomes a master ends all connections, which says nothing. */
    boolean says(String line, String start) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((line + "\r\nQUIT\r\n").getBytes(StandardCharsets.UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .lines()
                    .anyMatch(each -> each.startsWith(start));
        } catch (SocketException | UncheckedIOException cutOff) {
            return false;
        }
    }

    /** Sends a line, and does not wait for the answer. */
    Socket send(String line) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** Has it hang: it still takes connections, and answers nothing. */
    void hang() throws IOException {
        signal("STOP");
    }

    void goOn() throws IOException {
        signal("CONT");
    }

    void kill() throws IOException {
        goOn();
        process.destroyForcibly().onExit().join();
    }

    private void signal(String name) throws IOException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .onExit()
                .join();
    }

    @Override
    public void close() throws IOException {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
