package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static io.pratique.redis.Scene.KILLED;
import static io.pratique.redis.Scene.OTHER;
import static io.pratique.redis.Scene.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.SourceStatus;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.LostHistoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that comes back with less than it had: a kill that it forgot stays in force, and says so. */
@Tag("B-7")
@Tag("F-9")
class LostHistoryIT {

    @TempDir
    private Path temp;

    private Path snapshot;

    @BeforeEach
    void nameSnapshot() {
        snapshot = temp.resolve("flags.snapshot");
    }

    private RedisFlagSource source(Scene scene) {
        return RedisFlagSource.connect(scene.uri(), QUICK);
    }

    /** An application that has seen the kill, and remembers it across a restart. */
    private void start(Scene scene) throws InterruptedException {
        scene.operator.set(KILLED, "off", ADA);
        scene.operator.set(OTHER, "on", ADA);
        scene.watch(scene.settled(source(scene), snapshot));
    }

    private static String lostEpoch(Scene scene) throws Exception {
        try (RedisFlagSource source = RedisFlagSource.connect(scene.redis.uri())) {
            return Objects.requireNonNull(source.load().historyMark()).epoch();
        }
    }

    @Nested
    class ServerIsEmpty {

        @Test
        void wipedWhileItRuns() throws Exception {
            try (Scene scene = new Scene()) {
                start(scene);
                String epoch = lostEpoch(scene);
                scene.redis.tell("FLUSHALL");
                scene.awaitTrouble("LostHistoryException", epoch, "holds no history at all");
                assertThat(scene.client().isEnabled(KILLED)).isFalse();

                scene.operator.accept(epoch, ADA);

                await().until(() -> scene.status().state() == SourceStatus.State.READY);
                assertThat(scene.client().isEnabled(KILLED)).isTrue();
                assertThat(scene.status().flags()).isZero();
            }
        }

        @Test
        void startedAgainWithoutItsData() throws Exception {
            try (Scene scene = new Scene()) {
                start(scene);
                scene.redis.kill();
                scene.redis.startAgain();
                scene.awaitTrouble("LostHistoryException");

                // Somebody writes something: a new history begins, and what was seen still counts.
                scene.operator.set("voice-retry", "off", ADA);
                scene.awaitTrouble("is at change 1 of history");

                // Once each flag is written again, nothing is lost any more.
                scene.operator.set(KILLED, "off", ADA);
                scene.operator.set(OTHER, "off", ADA);
                scene.awaitSees(OTHER, false);
                scene.awaitSees("voice-retry", false);
                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }

        /** The application and the server are both started anew: only the file still knows of the kill. */
        @Test
        void startedAgainTogetherWithTheApplication() throws Exception {
            try (Scene scene = new Scene()) {
                start(scene);
                await().until(() ->
                        Files.exists(snapshot) && Files.readString(snapshot).contains(KILLED));
                scene.client().close();
                scene.redis.kill();
                scene.redis.startAgain();

                scene.watchAgain(scene.build(source(scene), snapshot));

                assertThat(scene.client().isEnabled(KILLED)).isFalse();
                scene.awaitTrouble("LostHistoryException");
                scene.assertUnharmed();
            }
        }
    }

    @Nested
    class ServerIsOlder {

        @Test
        void startedAgainFromABackup() throws Exception {
            try (Scene scene = new Scene()) {
                scene.operator.set(KILLED, "on", ADA);
                scene.redis.tell("SAVE");
                byte[] backup = Files.readAllBytes(scene.redis.dump());
                start(scene);
                String epoch = lostEpoch(scene);
                scene.redis.kill();
                Files.write(scene.redis.dump(), backup);
                scene.redis.startAgain();
                scene.awaitTrouble("LostHistoryException", "is at change 1 of the same history");

                // A change with the number of one that was seen is another change.
                scene.operator.set(OTHER, "on", ADA);
                scene.operator.set(OTHER, "off", ADA);
                scene.awaitTrouble("is at change 3 of the same history");
                assertThat(scene.client().isEnabled(OTHER)).isTrue();
                scene.assertUnharmed();

                scene.operator.accept(epoch, ADA);

                scene.awaitSees(OTHER, false);
                scene.awaitSees(KILLED, true);
            }
        }

        /** What it does not know, it will know soon. */
        @Test
        void replicaLagsBehind() throws Exception {
            try (Scene scene = new Scene();
                    RedisProcess replica = RedisProcess.start();
                    RedisFlagSource reader = RedisFlagSource.connect(replica.uri())) {
                scene.operator.set(OTHER, "on", ADA);
                replica.tell("REPLICAOF", "127.0.0.1", Integer.toString(scene.redis.port()));
                await().until(() -> reader.load().entries().containsKey(OTHER));
                replica.tell("REPLICAOF", "NO", "ONE");
                start(scene);
                FlagSet seen;
                try (RedisFlagSource master = RedisFlagSource.connect(scene.redis.uri())) {
                    seen = master.load();
                }

                assertThatThrownBy(() -> reader.reload(seen)).isInstanceOf(LostHistoryException.class);

                replica.tell("REPLICAOF", "127.0.0.1", Integer.toString(scene.redis.port()));
                await().ignoreExceptions()
                        .untilAsserted(() -> assertThat(reader.reload(seen)).isSameAs(seen));
            }
        }
    }

    @Nested
    class ServerIsTorn {

        /** As a server without persistence to keep keys from does when it is full and told to evict. */
        @Test
        void keyOfTheFlagsIsGone() throws Exception {
            try (Scene scene = new Scene()) {
                start(scene);
                assertThat(scene.redis.ask("DEL", "{pratique}:flags")).isEqualTo(":1");
                scene.awaitTrouble("has lost a part of the flags", "0 values and 2 versions of 2 flags");
                scene.assertUnharmed();

                scene.operator.set(KILLED, "off", ADA);
                scene.operator.set(OTHER, "off", ADA);
                scene.awaitSees(OTHER, false);
                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }

        @Test
        void keyOfTheStateIsGone() throws Exception {
            try (Scene scene = new Scene()) {
                start(scene);
                String epoch = lostEpoch(scene);
                assertThat(scene.redis.ask("DEL", "{pratique}:state")).isEqualTo(":1");
                scene.awaitTrouble("has lost a part of the flags");
                assertFreshReaderIsToldNothing(scene);

                scene.operator.accept(epoch, ADA);

                scene.awaitSeesChanges();
                scene.assertUnharmed();
                assertThat(scene.operator.history(OTHER, 10)).hasSize(2);
            }
        }

        /** It alone tells what was missed by one who was away: the application knows of the last change before the kill. */
        @Test
        void keyOfTheChangesIsGone() throws Exception {
            try (Scene scene = new Scene();
                    RedisFlagSource away = RedisFlagSource.connect(scene.redis.uri())) {
                scene.operator.set(KILLED, "on", ADA);
                scene.operator.set(OTHER, "on", ADA);
                FlagSet seen = away.load();
                scene.operator.set(KILLED, "off", ADA);
                assertThat(scene.redis.ask("DEL", "{pratique}:changes")).isEqualTo(":1");

                assertThatThrownBy(() -> away.reload(seen)).hasMessageContaining("0 of 2 keys");
                scene.operator.set("voice-retry", "on", ADA);
                assertThatThrownBy(() -> away.reload(seen)).isInstanceOf(LostHistoryException.class);

                scene.operator.accept(Objects.requireNonNull(seen.historyMark()).epoch(), ADA);
                FlagSet believed = away.reload(seen);
                assertThat(believed.entries().get(KILLED).value()).isEqualTo("off");
                assertThat(away.reload(believed)).isSameAs(believed);
            }
        }

        private void assertFreshReaderIsToldNothing(Scene scene) throws IOException {
            try (RedisFlagSource fresh = RedisFlagSource.connect(scene.redis.uri())) {
                assertThatThrownBy(fresh::load).hasMessageContaining("has lost a part of the flags");
            }
        }
    }
}
