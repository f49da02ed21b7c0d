package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static io.pratique.redis.Scene.KILLED;
import static io.pratique.redis.Scene.OTHER;
import static io.pratique.redis.Scene.QUICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.SourceStatus;
import io.pratique.flags.spi.FlagStoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an application notices of a server in trouble: nothing but that changes come late. */
@Tag("B-3")
@Tag("F-8")
class ServerFaultsIT {

    @Nested
    class ServerAway {

        @Test
        void killedAndStartedAgainWithItsData() throws Exception {
            try (Scene scene = new Scene()) {
                scene.start();
                scene.redis.tell("SAVE");
                scene.redis.kill();
                scene.awaitTrouble("cannot be reached");

                scene.redis.startAgain();

                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }

        @Test
        void hungWhileItStillTakesConnections() throws Exception {
            try (Scene scene = new Scene()) {
                scene.start();
                scene.redis.stop();
                scene.awaitTrouble("does not answer in time");

                scene.redis.go();

                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }

        @Test
        void awayWhileTheApplicationStarts() throws Exception {
            try (Scene scene = new Scene()) {
                scene.operator.set(OTHER, "off", ADA);
                scene.network.refuse();
                scene.watch(scene.build(RedisFlagSource.connect(scene.uri(), QUICK), null));
                assertThat(scene.client().isEnabled(OTHER)).isTrue();
                assertThat(scene.status().state()).isEqualTo(SourceStatus.State.NOT_READY);

                scene.network.pass();

                scene.awaitSees(OTHER, false);
                scene.awaitSeesChanges();
            }
        }
    }

    @Nested
    class NetworkInTrouble {

        @Test
        void cutAndRefused() throws Exception {
            try (Scene scene = new Scene()) {
                scene.start();
                scene.network.refuse();
                scene.awaitTrouble("Redis at 127.0.0.1:" + scene.network.port());
                scene.operator.set(OTHER, "off", ADA);

                scene.network.pass();

                scene.awaitSees(OTHER, false);
                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }

        @Test
        void cutAgainAndAgain() throws Exception {
            try (Scene scene = new Scene()) {
                scene.start();
                for (int i = 0; i < 10; i++) {
                    scene.network.cut();
                    scene.operator.set(OTHER, i % 2 == 0 ? "off" : "on", ADA);
                    scene.awaitSees(OTHER, i % 2 != 0);
                }

                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }

        @Test
        void silent() throws Exception {
            try (Scene scene = new Scene()) {
                scene.start();
                scene.network.hang();
                scene.awaitTrouble("does not answer in time");
                scene.operator.set(OTHER, "off", ADA);

                scene.network.pass();

                scene.awaitSees(OTHER, false);
                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }

        @Test
        void slow() throws Exception {
            try (Scene scene = new Scene()) {
                scene.start();
                scene.network.delay(Duration.ofMillis(50));
                scene.operator.set(OTHER, "off", ADA);
                scene.awaitSees(OTHER, false);

                scene.network.delay(Duration.ofMillis(700));
                scene.awaitTrouble("does not answer in time");

                scene.network.pass();

                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }
    }

    @Nested
    class ServerRefuses {

        @Test
        void passwordIsWrongAtFirst() throws Exception {
            try (Scene scene = new Scene()) {
                scene.operator.set(KILLED, "off", ADA);
                scene.redis.tell("ACL", "SETUSER", "app", "on", ">right", "~*", "&*", "+@all");
                String uri = "redis://app:wr0ng-secret@127.0.0.1:" + scene.network.port();
                scene.watch(scene.build(RedisFlagSource.connect(uri, QUICK), null));
                scene.awaitTrouble("user \"app\"", "refuses user or password", "check both");
                assertThat(scene.status().error()).doesNotContain("wr0ng-secret");
                assertThat(scene.client().isEnabled(KILLED)).isTrue();

                scene.redis.tell("ACL", "SETUSER", "app", ">wr0ng-secret");

                scene.awaitSees(KILLED, false);
                scene.awaitSeesChanges();
            }
        }

        @Test
        void passwordIsChanged() throws Exception {
            try (Scene scene = new Scene()) {
                scene.redis.tell("ACL", "SETUSER", "app", "on", ">s3cret", "~*", "&*", "+@all");
                scene.operator.set(KILLED, "off", ADA);
                String uri = "redis://app:s3cret@127.0.0.1:" + scene.network.port();
                scene.watch(scene.settled(RedisFlagSource.connect(uri, QUICK), null));
                scene.redis.tell("ACL", "SETUSER", "app", "resetpass", ">other");
                scene.network.cut();
                scene.awaitTrouble("refuses user or password");

                scene.redis.tell("ACL", "SETUSER", "app", ">s3cret");

                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }

        @Test
        void outOfMemory() throws Exception {
            try (Scene scene = new Scene()) {
                scene.start();
                scene.redis.tell("CONFIG", "SET", "maxmemory", "1");

                assertThatThrownBy(() -> scene.operator.set(KILLED, "on", ADA))
                        .isInstanceOf(FlagStoreException.class)
                        .hasMessageContainingAll("is out of memory", "raise its maxmemory");
                assertThat(scene.operator.history(KILLED, 10)).hasSize(1);
                long loads = scene.status().loads();
                await().until(() -> scene.status().loads() > loads + 1);
                await().until(() -> scene.status().state() == SourceStatus.State.READY);

                scene.redis.tell("CONFIG", "SET", "maxmemory", "0");

                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }

        @Test
        void tooManyClients() throws Exception {
            try (Scene scene = new Scene()) {
                scene.start();
                List<Socket> others = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    others.add(new Socket(InetAddress.getLoopbackAddress(), scene.redis.port()));
                }
                await().until(() -> scene.connections() > 10);
                scene.redis.tell("CONFIG", "SET", "maxclients", "8");
                scene.network.cut();
                scene.awaitTrouble("max number of clients");

                close(others);

                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }

        private static void close(List<Socket> sockets) throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }

        @Test
        void rightsAreTakenAway() throws Exception {
            try (Scene scene = new Scene()) {
                scene.redis.tell("ACL", "SETUSER", "app", "on", ">s3cret", "~*", "&*", "+@all");
                scene.operator.set(KILLED, "off", ADA);
                String uri = "redis://app:s3cret@127.0.0.1:" + scene.network.port();
                scene.watch(scene.settled(RedisFlagSource.connect(uri, QUICK), null));
                scene.redis.tell("ACL", "SETUSER", "app", "-hmget");
                scene.awaitTrouble("user \"app\"", "refuses the user a right");

                scene.redis.tell("ACL", "SETUSER", "app", "+hmget");

                scene.awaitSeesChanges();
                scene.assertUnharmed();
            }
        }
    }

    /** What a user has set up wrongly is told as that, and not as somebody else's keys. */
    @Nested
    class SetUpWrongly {

        private void assertRefused(Scene scene, ThrowingCallable call, String words) {
            assertThatThrownBy(call)
                    .isInstanceOf(FlagStoreException.class)
                    .hasMessageStartingWith("Redis")
                    .hasMessageContainingAll("127.0.0.1:" + scene.redis.port(), "refuses a command", words)
                    .hasMessageNotContaining("namespace");
        }

        @Test
        void databaseThatIsNotThere() throws Exception {
            try (Scene scene = new Scene();
                    RedisFlagSource source = RedisFlagSource.connect(scene.redis.uri() + "/99")) {
                assertRefused(scene, source::load, "DB index is out of range");
            }
        }

        @Test
        void commandThatIsDisabled() throws Exception {
            try (Scene scene = new Scene("--rename-command", "HMGET", "")) {
                assertRefused(scene, scene.operator::load, "Unknown Redis command");
            }
        }

        @Test
        void clusterThatIsNone() throws Exception {
            try (Scene scene = new Scene();
                    RedisFlagSource source = RedisFlagSource.connectCluster(List.of(scene.redis.uri()))) {
                assertRefused(scene, source::load, "cluster support disabled");
            }
        }

        @Test
        void namespaceThatIsTaken() throws Exception {
            try (Scene scene = new Scene()) {
                scene.redis.tell("SET", "{pratique}:state", "somebody else's");
                assertThatThrownBy(scene.operator::load)
                        .hasMessageContainingAll("holds something else", "choose another namespace");
                scene.redis.ask("DEL", "{pratique}:state");
                scene.redis.ask("HSET", "{pratique}:state", "flags", "many");
                assertThatThrownBy(scene.operator::load)
                        .hasMessageContainingAll("holds something else", "choose another namespace");
            }
        }
    }
}
