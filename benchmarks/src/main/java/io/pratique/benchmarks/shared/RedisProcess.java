package io.pratique.benchmarks.shared;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.redis.RedisFlagSource;
import io.pratique.redis.RedisFlagStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import redis.embedded.RedisServer;

/** Redis in memory only, as a cache is run. */
final class RedisProcess implements Server {

    private final RedisServer server;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final ProcessHandle process;
    private final int port;

    RedisProcess() throws IOException {
        this.port = freePort();
        this.server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly no")
                .setting("maxclients 5000")
                .build();
        server.start();
        this.client = RedisClient.create(uri(port));
        this.connection = client.connect();
        this.process =
                ProcessHandle.of(Long.parseLong(info("server", "process_id"))).orElseThrow();
    }

    private static String uri(int port) {
        return "redis://localhost:" + port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private String info(String section, String field) {
        return connection
                .sync()
                .info(section)
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String title() {
        return "Redis " + info("server", "redis_version");
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public FlagSource openSource(int to) {
        return RedisFlagSource.connect(uri(to));
    }

    @Override
    public FlagStore openStore() {
        return RedisFlagStore.connect(uri(port));
    }

    @Override
    public BareTrip openBareTrip() {
        return new Trip(client);
    }

    @Override
    public Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Without the one that asks. */
    @Override
    public long connections() {
        return Long.parseLong(info("clients", "connected_clients")) - 1;
    }

    @Override
    public void close() throws IOException {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        server.stop();
    }

    /** A SET and a PUBLISH in one script, one round trip; the subscriber reads the key. */
    private static final class Trip implements BareTrip {

        private static final String[] KEY = {"bare"};
        private static final String WRITE =
                "redis.call('SET', KEYS[1], 'off') redis.call('PUBLISH', KEYS[1], '') return redis.status_reply('OK')";

        private final StatefulRedisConnection<String, String> writing;
        private final StatefulRedisConnection<String, String> reading;
        private final StatefulRedisPubSubConnection<String, String> subscribed;
        private final LinkedBlockingQueue<Long> heard = new LinkedBlockingQueue<>();

        Trip(RedisClient client) {
            this.writing = client.connect();
            this.reading = client.connect();
            this.subscribed = client.connectPubSub();
            subscribed.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    reading.async().get("bare").thenRun(() -> heard.add(System.nanoTime()));
                }
            });
            subscribed.sync().subscribe("bare");
        }

        @Override
        public long nanos() throws InterruptedException {
            long start = System.nanoTime();
            Object unused = writing.sync().eval(WRITE, ScriptOutputType.STATUS, KEY);
            return heard.take() - start;
        }

        @Override
        public void close() {
            subscribed.close();
            reading.close();
            writing.close();
        }
    }
}
