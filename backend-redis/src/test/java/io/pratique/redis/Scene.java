package io.pratique.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.flags.SourceStatus;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.testkit.HotPathWitness;
import io.pratique.testkit.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An application that checks a flag all the time, over a network that can be broken; an operator beside the server; and
 * the server. The flag {@link #KILLED} is off before anything goes wrong, and must never be seen on.
 */
final class Scene implements AutoCloseable {

    static final String KILLED = "outbox-processing";
    static final String OTHER = "cleanup";
    static final Attribution ADA = Attribution.of("ada", "INC-4711: duplicates");

    /** For the application, that its troubles be over soon; what it costs to load Lettuce is more. */
    static final RedisSettings QUICK = RedisSettings.defaults().timeout(Duration.ofMillis(500));

    private static final Duration TTL = Duration.ofMillis(300);

    final RedisProcess redis;
    final TcpProxy network;
    final RedisFlagStore operator;
    private FlagClient client;
    private HotPathWitness witness;

    Scene(String... redisOptions) throws IOException {
        this.redis = RedisProcess.start(redisOptions);
        this.network = TcpProxy.to(redis.port());
        this.operator =
                RedisFlagStore.connect(redis.uri(), RedisSettings.defaults().timeout(Duration.ofSeconds(10)));
    }

    String uri() {
        return "redis://127.0.0.1:" + network.port();
    }

    /** Kills the flag, and starts an application that has seen that. */
    void start() throws InterruptedException {
        operator.set(KILLED, "off", ADA);
        operator.set(OTHER, "on", ADA);
        watch(settled(RedisFlagSource.connect(uri(), QUICK), null));
    }

    /** Builds the application's client and awaits the kill. */
    FlagClient settled(RedisFlagSource source, Path snapshot) {
        FlagClient built = build(source, snapshot);
        client = built;
        await().until(() -> !built.isEnabled(KILLED) && built.sources().get(0).pushed());
        return built;
    }

    FlagClient build(RedisFlagSource source, Path snapshot) {
        FlagClient.Builder builder = FlagClient.builder().source(source).ttl(TTL);
        if (snapshot != null) {
            builder.snapshotFile(snapshot);
        }
        return builder.startupTimeout(Duration.ofMillis(500)).build();
    }

    void watch(FlagClient application) throws InterruptedException {
        client = application;
        application.isEnabled(OTHER);
        witness = HotPathWitness.of(() -> application.isEnabled(KILLED));
    }

    /** The same of the application when it was started anew. */
    void watchAgain(FlagClient application) throws InterruptedException {
        witness.close();
        watch(application);
    }

    FlagClient client() {
        return client;
    }

    SourceStatus status() {
        return client.sources().get(0);
    }

    /** Awaits the first failure of which the application's client tells with these words, in any order. */
    void awaitTrouble(String... words) {
        await().untilAsserted(() -> assertThat(status().error()).isNotNull().contains(words));
        assertThat(status().state()).isNotEqualTo(SourceStatus.State.READY);
    }

    void awaitSees(String key, boolean enabled) {
        await().until(() -> client.isEnabled(key) == enabled);
    }

    /** Makes a change as soon as the server takes one, and awaits it. */
    void awaitSeesChanges() {
        boolean enabled = !client.isEnabled(OTHER);
        await().ignoreExceptionsInstanceOf(FlagStoreException.class)
                .until(() -> operator.set(OTHER, enabled ? "on" : "off", ADA) != null);
        awaitSees(OTHER, enabled);
        await().until(() -> status().state() == SourceStatus.State.READY && status().pushed());
    }

    /** Nobody who checked a flag was disturbed, and what was killed stayed killed. */
    void assertUnharmed() {
        witness.assertUndisturbed();
        witness.assertAnswered(false);
    }

    /** How many connections the server has beside the one that asks. */
    int connections() throws IOException {
        return (int) redis.ask("CLIENT", "LIST").lines().count() - 1;
    }

    /** Closes all, and looks whether a thread or a connection is left. */
    @Override
    public void close() throws IOException {
        try (redis;
                network) {
            if (witness != null) {
                witness.close();
            }
            if (client != null) {
                client.close();
            }
            operator.close();
            redis.ensureStarted();
            await().untilAsserted(() -> assertThat(connections()).isZero());
            await().untilAsserted(() -> assertThat(ourThreads()).isEmpty());
        }
    }

    static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("pratique-") || name.startsWith("lettuce-"))
                .toList();
    }
}
