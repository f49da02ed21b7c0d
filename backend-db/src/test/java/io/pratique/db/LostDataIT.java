package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.flags.Reason;
import io.pratique.flags.spi.Attribution;
import io.pratique.testkit.HotPathWitness;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that come back with less than they had. What an application saw stays in force, also across its restart. */
@Tag("B-7")
@Tag("F-9")
@Timeout(120)
class LostDataIT {

    private static final String KILLED = "outbox-processing";
    private static final String OTHER = "cleanup";
    private static final Attribution BY = Attribution.of("ada", "INC-4711");
    private static final Pattern LOST_EPOCH = Pattern.compile("of history \"([^\"]+)\", seen here");
    private static final Pattern TORN_EPOCH = Pattern.compile("history \"([^\"]+)\" is torn");

    @TempDir
    private static Path servers;

    private static PostgresServer server;

    @TempDir
    private Path dir;

    private JdbcFlagStore store;
    private FlagClient client;

    @BeforeAll
    static void startServer() throws IOException {
        server = new PostgresServer(servers.resolve("data"));
        server.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void startApplication() {
        store = JdbcFlagStore.connect(server.url(), "postgres", "postgres");
        store.set(KILLED, "on", BY);
        client = open();
    }

    @AfterEach
    void stopApplication() throws SQLException {
        client.close();
        store.close();
        new FlagTables(server::connect, "").drop();
    }

    private FlagClient open() {
        return FlagClient.builder()
                .source(JdbcFlagSource.connect(server.url(), "postgres", "postgres"))
                .ttl(Duration.ofMillis(500))
                .startupTimeout(Duration.ofSeconds(20))
                .snapshotFile(dir.resolve("flags.snapshot"))
                .build();
    }

    private void restartApplication() {
        client.close();
        client = open();
    }

    private void kill() {
        store.set(KILLED, "off", BY);
        await().until(() -> !client.isEnabled(KILLED));
    }

    private String awaitLostHistory() {
        await().untilAsserted(() -> assertThat(error()).contains("LostHistoryException"));
        assertThat(client.evaluate(KILLED).enabled()).isFalse();
        assertThat(client.evaluate(KILLED).reason()).isEqualTo(Reason.STALE);
        Matcher epoch = LOST_EPOCH.matcher(error());
        assertThat(epoch.find()).isTrue();
        return epoch.group(1);
    }

    private String error() {
        return client.sources().get(0).error();
    }

    private void restartEmpty() throws IOException {
        server.stop();
        server.deleteData();
        server.start();
    }

    @Test
    void killOutlivesAServerThatCameBackEmptyUntilThatIsAccepted() throws Exception {
        kill();
        try (HotPathWitness witness = HotPathWitness.of(() -> client.isEnabled(KILLED))) {
            restartEmpty();
            String lost = awaitLostHistory();
            witness.assertUndisturbed();
            witness.assertAnswered(false);

            restartApplication();
            assertThat(awaitLostHistory()).isEqualTo(lost);
            witness.assertAnswered(false);

            store.accept(lost, Attribution.of("ada", "the old flags are gone for good"));
            await().until(() -> client.isEnabled(KILLED));
            await().until(() -> error() == null);
        }
    }

    @Test
    void killOutlivesAServerRestoredFromAnOlderBackupUntilItIsWrittenAgain() throws Exception {
        server.stop();
        server.copyDataTo(dir.resolve("backup"));
        server.start();
        kill();
        server.stop();
        server.restoreDataFrom(dir.resolve("backup"));
        server.start();

        awaitLostHistory();
        restartApplication();
        awaitLostHistory();
        assertThat(store.list()).extracting("value").containsExactly("on");

        store.set(KILLED, "off", BY);

        await().until(() -> error() == null);
        assertThat(client.isEnabled(KILLED)).isFalse();
        store.set(KILLED, "on", BY);
        await().until(() -> client.isEnabled(KILLED));
    }

    /** A replica that is promoted too early, and what it missed is brought in later. */
    @Test
    void serverThatWasBehindIsBelievedOnceItHasCaughtUp() throws Exception {
        server.stop();
        server.copyDataTo(dir.resolve("behind"));
        server.start();
        kill();
        server.stop();
        server.copyDataTo(dir.resolve("ahead"));
        server.restoreDataFrom(dir.resolve("behind"));
        server.start();
        awaitLostHistory();

        server.stop();
        server.restoreDataFrom(dir.resolve("ahead"));
        server.start();

        await().until(() -> error() == null);
        assertThat(client.isEnabled(KILLED)).isFalse();
    }

    /** Once the announcements were interrupted, everything is read again. */
    @Test
    void killOutlivesFlagsThatAloneWereRestoredFromAnOlderDump() throws Exception {
        FlagTables.Copy dump = new FlagTables(server::connect, "").backUp(List.of("pratique_flag"));
        kill();
        await().until(() -> client.sources().get(0).pushed());
        dump.restore();

        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE application_name = 'pratique-listen'");
        await().untilAsserted(() -> assertThat(error()).contains("is torn: flags to change 1"));
        assertThat(client.evaluate(KILLED).enabled()).isFalse();
        assertThat(client.evaluate(KILLED).reason()).isEqualTo(Reason.STALE);
        Matcher epoch = TORN_EPOCH.matcher(error());
        assertThat(epoch.find()).isTrue();

        store.accept(epoch.group(1), BY);

        await().until(() -> client.isEnabled(KILLED));
        await().until(() -> error() == null);
    }

    @Test
    @Tag("F-8")
    void killOutlivesARestartOfTheApplicationWhileTheServerIsAway() throws Exception {
        kill();
        server.kill();

        client.close();
        client = FlagClient.builder()
                .source(JdbcFlagSource.connect(server.url(), "postgres", "postgres"))
                .ttl(Duration.ofMillis(500))
                .startupTimeout(Duration.ofMillis(100))
                .snapshotFile(dir.resolve("flags.snapshot"))
                .build();
        assertThat(client.isEnabled(KILLED)).isFalse();

        server.start();
        store.set(OTHER, "off", BY);
        await().untilAsserted(() ->
                assertThat(client.isEnabled(OTHER)).as("%s", client.sources()).isFalse());
        assertThat(client.isEnabled(KILLED)).isFalse();
    }
}
