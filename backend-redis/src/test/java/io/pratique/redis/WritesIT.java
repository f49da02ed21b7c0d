package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.testkit.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a writer is told: whether a change was made, was not, or may have been. */
@Tag("B-4")
class WritesIT {

    private static final String DOUBT = "may have made the changes; look into history or list before repeating them";

    private RedisProcess redis;
    private TcpProxy network;
    private RedisFlagStore beside;
    private RedisFlagStore store;

    @BeforeEach
    void start() throws IOException {
        redis = RedisProcess.start();
        network = TcpProxy.to(redis.port());
        beside = RedisFlagStore.connect(redis.uri(), RedisSettings.defaults().timeout(Duration.ofSeconds(60)));
        store = connect(Duration.ofSeconds(1));
    }

    private RedisFlagStore connect(Duration timeout) {
        return RedisFlagStore.connect(
                "redis://127.0.0.1:" + network.port(), RedisSettings.defaults().timeout(timeout));
    }

    @AfterEach
    void stop() throws IOException {
        store.close();
        beside.close();
        network.close();
        redis.close();
    }

    private List<FlagRevision> history() {
        return beside.history("cleanup", 10);
    }

    @Nested
    class WithoutAnAnswer {

        @Test
        void inTimeMayHaveBeenMade() {
            store.set("cleanup", "on", ADA);
            network.delay(Duration.ofMillis(600)); // the request arrives in time, the answer does not

            assertThatThrownBy(() -> store.set("cleanup", "off", ADA))
                    .isInstanceOf(FlagStoreException.class)
                    .hasMessageStartingWith("Redis at 127.0.0.1:" + network.port() + " does not answer in time and "
                            + DOUBT + "; then see whether it hangs");

            await().until(() -> history().size() == 2);
        }

        @Test
        void becauseTheConnectionWasLostMayHaveBeenMade() {
            store.close();
            store = connect(Duration.ofSeconds(20));
            store.set("cleanup", "on", ADA);
            CompletableFuture<Void> cutting = CompletableFuture.runAsync(() -> {
                await().until(() -> history().size() == 2);
                network.cut();
            });
            network.delay(Duration.ofSeconds(1));

            assertThatThrownBy(() -> store.set("cleanup", "off", ADA))
                    .isInstanceOf(FlagStoreException.class)
                    .hasMessageContainingAll("cannot be reached and " + DOUBT);

            cutting.join();
        }

        @Test
        void becauseTheThreadWasInterruptedMayHaveBeenMade() {
            store.set("cleanup", "on", ADA);
            network.hang(); // an answer that is there before anybody waits for it is taken
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> store.set("cleanup", "off", ADA))
                    .isInstanceOf(FlagStoreException.class)
                    .hasMessageContainingAll("when the thread was interrupted and " + DOUBT);
            assertThat(Thread.interrupted()).isTrue();

            network.pass();
            await().until(() -> history().size() == 2);
        }
    }

    @Nested
    class ThatWasNotMade {

        private void assertNoDoubt(String words) {
            assertThatThrownBy(() -> store.set("cleanup", "off", ADA))
                    .isInstanceOf(FlagStoreException.class)
                    .hasMessageContaining(words)
                    .hasMessageNotContaining("may have");
            assertThat(history()).isEmpty();
        }

        @Test
        void becauseNobodyIsThere() {
            network.refuse();
            assertNoDoubt("cannot be reached");
        }

        @Test
        void becauseTheServerDoesNotEvenGreet() {
            network.hang();
            assertNoDoubt("does not answer in time");
        }

        @Test
        void becauseTheServerRefuses() throws Exception {
            redis.tell("CONFIG", "SET", "maxmemory", "1");
            assertNoDoubt("is out of memory");
        }

        @Test
        void becauseTheServerIsAReplica() throws Exception {
            redis.tell("REPLICAOF", "127.0.0.1", "1");
            assertNoDoubt("is a replica; connect to the master, or through Sentinel");
            assertThat(store.load().entries()).isEmpty();
        }

        @Test
        void becauseTheThreadWasInterruptedBefore() {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> store.set("cleanup", "off", ADA)).hasMessageEndingWith("was interrupted");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(history()).isEmpty();
        }
    }

    @Nested
    class OfManyChanges {

        private List<FlagWrite> changes(int count) {
            return IntStream.range(0, count)
                    .mapToObj(i -> FlagWrite.set("flag-" + i, "off", ADA))
                    .toList();
        }

        /** As many as Redis takes; a version that is not the expected one keeps all of them from being made. */
        @Test
        void areMadeTogetherUpToTheLimit() throws Exception {
            List<FlagWrite> most = changes(FlagWriter.MOST_WRITES);
            List<FlagWrite> expecting = List.copyOf(most.subList(0, most.size() - 1));
            assertThat(beside.write(
                            with(expecting, FlagWrite.set("last", "off", ADA).ifVersion(7))))
                    .isEmpty();
            assertThat(redis.ask("DBSIZE")).isEqualTo(":0");

            List<FlagRevision> made = beside.write(most);

            assertThat(made).hasSize(131_070);
            assertThat(made.get(made.size() - 1).version()).isEqualTo(131_070);
            assertThat(beside.load().entries()).hasSize(131_070);
        }

        private List<FlagWrite> with(List<FlagWrite> writes, FlagWrite last) {
            return Stream.concat(writes.stream(), Stream.of(last)).toList();
        }

        @Test
        void beyondTheLimitAreRefusedBeforeAnythingIsSent() throws Exception {
            List<FlagWrite> tooMany =
                    Collections.nCopies(FlagWriter.MOST_WRITES + 1, FlagWrite.set("cleanup", "off", ADA));

            assertThatThrownBy(() -> beside.write(tooMany))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a write to Redis must make 131070 changes at most, for Redis takes no more in one"
                            + " command, but makes \"131071\"; make several writes of them");
            assertThat(redis.ask("DBSIZE")).isEqualTo(":0");
        }
    }
}
