package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/**
 * A real broker and controller, with one listener for everyone and one that wants a password. It runs in a process of its
 * own, since its jars share packages with those of the client, which is a module here.
 */
final class KafkaBroker implements AutoCloseable {

    static final String CANARY = "canary-of-kafka";

    private static final String READY = "broker is ready";

    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    private final int port = freePort();
    private final int guardedPort = freePort();
    private final Process process;

    KafkaBroker() throws IOException {
        Path directory = Files.createTempDirectory("pratique-probe-kafka");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path")
                                + File.pathSeparator
                                + System.getProperty("jdk.module.path", "")
                                + File.pathSeparator
                                + Path.of("target", "test-classes").toAbsolutePath(),
                        KafkaBroker.class.getName(),
                        Integer.toString(port),
                        Integer.toString(guardedPort),
                        Integer.toString(freePort()),
                        directory.toString())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        assertThat(new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                        .lines()
                        .anyMatch(READY::equals))
                .as(() -> read(directory.resolve("errors")))
                .isTrue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The process: three ports and a directory; it ends when nobody holds its input any more. */
    public static void main(String[] arguments) throws Exception {
        String controller = "127.0.0.1:" + arguments[2];
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@" + controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + arguments[0] + ",GUARDED://127.0.0.1:" + arguments[1] + ",CONTROLLER://"
                        + controller);
        settings.put(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,GUARDED:SASL_PLAINTEXT");
        settings.put("listener.name.guarded.sasl.enabled.mechanisms", "PLAIN");
        settings.put("listener.name.guarded.plain.sasl.jaas.config", LOGIN + " user_ada=\"secret\";");
        settings.put("log.dirs", arguments[3] + File.separator + "log");
        format(arguments[3] + File.separator + "log");
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        server.startup();
        System.out.println();
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Nothing is said to it.
        }
        Runtime.getRuntime().halt(0);
    }

    private static void format(String directory) throws Exception {
        new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .addDirectory(directory)
                .setMetadataLogDirectory(directory)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
    }

    int port() {
        return port;
    }

    static Admin admin(int port) {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + port));
    }

    /** One whose password the broker does not know. */
    Admin stranger() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + guardedPort,
                AdminClientConfig.SECURITY_PROTOCOL_CONFIG,
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                LOGIN + " username=\"ada\" password=\"" + CANARY + "\";"));
    }

    /** Has it hang: it still takes connections, and answers nothing. */
    void hang() throws IOException {
        signal("STOP");
    }

    void goOn() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .onExit()
                .join();
    }

    @Override
    public void close() throws IOException {
        goOn();
        process.destroyForcibly().onExit().join();
    }
}
