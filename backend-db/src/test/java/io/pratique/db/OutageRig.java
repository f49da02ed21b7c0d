package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.flags.Reason;
import io.pratique.flags.SourceStatus;
import io.pratique.flags.spi.Attribution;
import io.pratique.testkit.HotPathWitness;
import io.pratique.testkit.TcpProxy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/**
 * An application that reads flags with no more rights than it needs, through a network that can be broken, and an
 * operator with a connection of his own. One flag is killed before anything happens, and checked all the time.
 */
final class OutageRig implements AutoCloseable {

    static final String KILLED = "outbox-processing";
    static final String OTHER = "cleanup";
    static final Attribution BY = Attribution.of("ada", "INC-4711");

    final PostgresServer server;
    final TcpProxy network;
    final String schema = TestSchema.next();
    final JdbcFlagStore store;
    final FlagClient client;
    private final HotPathWitness witness;

    OutageRig(PostgresServer server) throws IOException, SQLException, InterruptedException {
        this.server = server;
        this.network = TcpProxy.to(server.port());
        JdbcSettings settings = JdbcSettings.defaults().schema(schema).timeout(Duration.ofSeconds(2));
        server.execute("CREATE SCHEMA " + schema);
        this.store = JdbcFlagStore.connect(server.url(), "postgres", "postgres", settings.name("operator-" + schema));
        store.set(KILLED, "off", BY);
        server.execute(Guide.toRead("app", schema));
        this.client = FlagClient.builder()
                .source(JdbcFlagSource.connect(
                        PostgresServer.url(network.port()),
                        "app",
                        "secret",
                        settings.name(schema).verifySchema().timeout(Duration.ofMillis(1_500))))
                .ttl(Duration.ofMillis(500))
                .startupTimeout(Duration.ofSeconds(20))
                .build();
        await().until(() -> client.evaluate(KILLED).reason() == Reason.STATIC);
        await().until(() -> status().pushed());
        this.witness = HotPathWitness.of(() -> client.isEnabled(KILLED));
    }

    SourceStatus status() {
        return client.sources().get(0);
    }

    /** What a load says while the fault lasts. */
    String awaitError(String... parts) {
        await().untilAsserted(() -> assertThat(status().error()).isNotNull().contains(parts));
        assertThat(client.evaluate(KILLED).reason()).isEqualTo(Reason.STALE);
        return status().error();
    }

    /** Turns another flag off, as an operator does who reaches the server. */
    void change() {
        store.set(OTHER, "off", BY);
    }

    /** Once the fault is over: what was changed meanwhile is seen, and nobody was disturbed. */
    void assertHealed() {
        await().untilAsserted(() ->
                assertThat(client.isEnabled(OTHER)).as("%s", status()).isFalse());
        await().until(() -> status().error() == null);
        assertThat(client.evaluate(KILLED).reason()).isEqualTo(Reason.STATIC);
        assertUndisturbed();
        store.clear(OTHER, BY);
        await().until(() -> client.isEnabled(OTHER));
        await().until(() -> status().pushed());
    }

    void assertUndisturbed() {
        witness.assertUndisturbed();
        witness.assertAnswered(false);
    }

    /** Whatever has happened, nothing is left behind. */
    @Override
    public void close() throws SQLException {
        witness.close();
        client.close();
        store.close();
        network.close();
        // A pool that was given up may take ten seconds to end.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.contains(schema)));
        await().until(() ->
                server.count("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'pratique%'") == 0);
    }
}
