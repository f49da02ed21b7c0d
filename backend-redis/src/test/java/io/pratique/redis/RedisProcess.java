package io.pratique.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.testkit.FreePort;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** A real redis-server, in a directory of its own, on a port that stays the same when it is started again. */
final class RedisProcess implements AutoCloseable {

    private static final File EXECUTABLE = extract();

    private final Path directory;
    private final int port;
    private final List<String> options;
    private Process process;

    private RedisProcess(List<String> options) throws IOException {
        this.directory = Files.createTempDirectory("pratique-redis");
        this.port = FreePort.next();
        this.options = options;
    }

    private static File extract() {
        try {
            return ExecutableProvider.newJarResourceProvider().get();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Starts one that saves nothing unless it is told to. */
    static RedisProcess start(String... options) throws IOException {
        RedisProcess redis = new RedisProcess(List.of(options));
        redis.startAgain();
        return redis;
    }

    /** Starts one that is told by a file, which it may rewrite, such as a Sentinel. */
    static RedisProcess startSentinel(RedisProcess master) throws IOException {
        RedisProcess redis = new RedisProcess(List.of("--sentinel"));
        Files.writeString(redis.directory.resolve("redis.conf"), """
                sentinel monitor main 127.0.0.1 %d 1
                sentinel down-after-milliseconds main 300
                sentinel failover-timeout main 2000
                """.formatted(master.port));
        redis.startAgain();
        return redis;
    }

    int port() {
        return port;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    Path dump() {
        return directory.resolve("dump.rdb");
    }

    /** Starts it with what {@link #dump} holds. */
    void startAgain() throws IOException {
        Path config = directory.resolve("redis.conf");
        List<String> command = new ArrayList<>(List.of(EXECUTABLE.getAbsolutePath()));
        if (Files.exists(config)) {
            command.add(config.toString());
        }
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", directory.toString()));
        if (!options.contains("--sentinel")) {
            command.addAll(List.of("--save", "", "--repl-diskless-sync-delay", "0"));
        }
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        await().pollInterval(Duration.ofMillis(5)).until(this::answers);
    }

    /** Starts it again if a test has left it killed. */
    void ensureStarted() throws IOException {
        if (!process.isAlive()) {
            startAgain();
        }
    }

    private boolean answers() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException(Files.readString(directory.resolve("log")));
        }
        try {
            String answer = ask("PING");
            return answer.startsWith("+PONG") || answer.startsWith("-NOAUTH");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Ends it as a crash does; what was saved before is there when it is started again. */
    void kill() throws IOException {
        signal("CONT");
        process.destroyForcibly().onExit().join();
    }

    /** Has it hang: it still takes connections, and answers nothing. */
    void stop() throws IOException {
        signal("STOP");
    }

    /** Has it go on. */
    void go() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .onExit()
                .join();
    }

    /** Asks as a client without any library would; the answer is the first line of it, or a bulk text. */
    String ask(String... words) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            return ask(socket, words);
        }
    }

    /** As {@link #ask}, after a login. */
    String askAs(String user, String password, String... words) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            assertThat(ask(socket, "AUTH", user, password)).isEqualTo("+OK");
            return ask(socket, words);
        }
    }

    /** Asks, and takes nothing but OK for an answer. */
    void tell(String... words) throws IOException {
        assertThat(ask(words)).isEqualTo("+OK");
    }

    private static String ask(Socket socket, String... words) throws IOException {
        StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            request.append('$')
                    .append(word.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        String first = line(in);
        if (!first.startsWith("$") || first.equals("$-1")) {
            return first;
        }
        return new String(in.readNBytes(Integer.parseInt(first.substring(1))), StandardCharsets.UTF_8);
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server has closed the connection");
            }
            line.append((char) c);
        }
        in.read();
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
