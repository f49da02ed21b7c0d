package io.pratique.flags;

import static io.pratique.flags.Eventually.PATIENCE;
import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.refreshed;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads read while others swap the snapshot: nobody sees the past again, and nothing that was written is lost. */
@Tag("F-4")
@Timeout(120)
class SnapshotConcurrencyTest {

    private static final int READERS = 6;

    private final Rig rig = new Rig();
    private final ExecutorService pool = Executors.newCachedThreadPool();

    /** What the store holds; a load reads it key by key, as a database would under weak isolation. */
    private final Map<String, String> store = new ConcurrentHashMap<>();

    private final FakeSource source = new FakeSource("store");

    SnapshotConcurrencyTest() {
        source.answers(() -> FlagSet.of(new HashMap<>(store)));
    }

    @AfterEach
    void close() throws InterruptedException {
        pool.shutdownNow();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        rig.close();
    }

    private <T> List<Future<T>> together(int threads, Callable<T> work) {
        CyclicBarrier barrier = new CyclicBarrier(threads);
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(pool.submit(() -> {
                barrier.await();
                return work.call();
            }));
        }
        return running;
    }

    private static <T> void await(List<Future<T>> running) throws Exception {
        for (Future<T> each : running) {
            each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /**
     * Version n of the store has the flags 0 to n-1 off, and no flag is ever turned on again: a reader that finds flag i
     * on after it found it, or a later one, off has seen an older snapshot after a newer one.
     */
    @Test
    void noReaderSeesAnOlderSnapshotAfterANewerOne() throws Exception {
        int versions = 400;
        String[] keys = new String[versions];
        for (int i = 0; i < versions; i++) {
            keys[i] = "flag-" + i;
            store.put(keys[i], "on");
        }
        FlagClient client = rig.client(source);
        FlagHandle[] handles = new FlagHandle[versions];
        for (int i = 0; i < versions; i++) {
            handles[i] = client.handle(keys[i]);
        }
        List<Future<Integer>> readers = together(READERS, () -> {
            int seen = 0;
            while (seen < versions) {
                while (seen < versions && !client.isEnabled(keys[seen])) {
                    seen++;
                }
                for (int i = 0; i < seen; i++) {
                    assertThat(client.isEnabled(keys[i]))
                            .as("flag %d after %d were off", i, seen)
                            .isFalse();
                }
                if (seen > 0) {
                    // The client's answer is published first, the handle's at the latest with the next version.
                    assertThat(seen > 1 && handles[seen - 2].isEnabled()).isFalse();
                }
            }
            return seen;
        });

        for (String key : keys) {
            store.put(key, "off");
            refreshed(client);
        }

        await(readers);
        for (FlagHandle handle : handles) {
            assertThat(handle.isEnabled()).isFalse();
        }
    }

    /** A loop that does nothing but check is compiled to one that reads the reference again each time, or hangs here. */
    @Test
    void aLoopThatDoesNothingButCheckEndsWhenTheFlagDoes() throws Exception {
        store.put("spinning", "on");
        FlagClient client = rig.client(source);
        FlagHandle handle = client.handle("spinning");
        CountDownLatch compiled = new CountDownLatch(2);
        Future<Boolean> overClient = pool.submit(() -> {
            boolean warm = whileEnabled(client, 20_000_000);
            compiled.countDown();
            return warm && whileEnabled(client, Long.MAX_VALUE);
        });
        Future<Boolean> overHandle = pool.submit(() -> {
            boolean warm = whileEnabled(handle, 20_000_000);
            compiled.countDown();
            return warm && whileEnabled(handle, Long.MAX_VALUE);
        });
        assertThat(compiled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        store.put("spinning", "off");
        refreshed(client);

        assertThat(overClient).succeedsWithin(PATIENCE).isEqualTo(false);
        assertThat(overHandle).succeedsWithin(PATIENCE).isEqualTo(false);
    }

    private static boolean whileEnabled(FlagClient client, long checks) {
        for (long i = 0; i < checks; i++) {
            if (!client.isEnabled("spinning")) {
                return false;
            }
        }
        return true;
    }

    private static boolean whileEnabled(FlagHandle handle, long checks) {
        for (long i = 0; i < checks; i++) {
            if (!handle.isEnabled()) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aWriteFollowedByACompletedRefreshIsAlwaysSeen() throws Exception {
        FlagClient client = rig.client(source);
        AtomicInteger writers = new AtomicInteger();

        await(together(8, () -> {
            String key = "writer-" + writers.incrementAndGet();
            FlagHandle handle = client.handle(key);
            for (int i = 0; i < 150; i++) {
                boolean enabled = i % 2 == 1;
                store.put(key, enabled ? "on" : "off");
                refreshed(client);
                assertThat(client.isEnabled(key)).as("write %d of %s", i, key).isEqualTo(enabled);
                assertThat(handle.isEnabled())
                        .as("handle, write %d of %s", i, key)
                        .isEqualTo(enabled);
            }
            return key;
        }));

        assertThat(source.mostAtOnce()).isEqualTo(1);
    }

    @Test
    void aKillIsNeverLostAmongConstantRefreshes() throws Exception {
        store.put("killed", "on");
        FlagClient client = rig.onMachineTime(FlagClient.builder().ttl(Duration.ofNanos(1)), source);
        FlagHandle handle = client.handle("killed");
        AtomicBoolean ended = new AtomicBoolean();
        List<Future<Integer>> noise = together(4, () -> {
            int rounds = 0;
            while (!ended.get()) {
                store.put("noise-" + rounds % 50, rounds % 2 == 0 ? "on" : "off");
                Subscription override = client.override("noise-x", rounds % 2 == 0, Duration.ofMinutes(1), "noise");
                override.close();
                rounds++;
            }
            return rounds;
        });
        for (int i = 0; i < 100; i++) {
            store.put("killed", "off");
            refreshed(client);
            assertThat(client.isEnabled("killed")).isFalse();
            assertThat(handle.isEnabled()).isFalse();
            store.put("killed", "on");
            refreshed(client);
            assertThat(client.isEnabled("killed")).isTrue();
            assertThat(handle.isEnabled()).isTrue();
        }
        ended.set(true);
        await(noise);
    }

    @Test
    @Tag("F-5")
    void overridesOfManyThreadsDoNotLoseEachOther() throws Exception {
        FlagClient client = rig.onMachineTime(FlagClient.builder().ttl(Duration.ofMillis(1)), source);
        AtomicInteger threads = new AtomicInteger();

        await(together(16, () -> {
            String key = "thread-" + threads.incrementAndGet();
            FlagHandle handle = client.handle(key);
            for (int i = 0; i < 200; i++) {
                Subscription override = client.override(key, false, Duration.ofMinutes(1), "round " + i);
                assertThat(client.isEnabled(key)).as("overridden, round %d", i).isFalse();
                assertThat(handle.isEnabled()).as("overridden, round %d", i).isFalse();
                override.close();
                assertThat(client.isEnabled(key)).as("lifted, round %d", i).isTrue();
                assertThat(handle.isEnabled()).as("lifted, round %d", i).isTrue();
            }
            return key;
        }));
    }

    @Test
    @Tag("F-5")
    void sourcesThatAnswerAtOnceDoNotLoseEachOther() throws Exception {
        FakeSource[] sources = new FakeSource[8];
        List<Map<String, String>> stores = new ArrayList<>();
        for (int i = 0; i < sources.length; i++) {
            Map<String, String> own = new ConcurrentHashMap<>();
            stores.add(own);
            sources[i] = new FakeSource("store-" + i);
            sources[i].answers(() -> FlagSet.of(new HashMap<>(own)));
        }
        FlagClient client = rig.client(sources);
        for (int round = 0; round < 100; round++) {
            boolean enabled = round % 2 == 1;
            for (int i = 0; i < sources.length; i++) {
                stores.get(i).put("flag-" + i, enabled ? "on" : "off");
            }
            refreshed(client);
            for (int i = 0; i < sources.length; i++) {
                assertThat(client.isEnabled("flag-" + i))
                        .as("source %d, round %d", i, round)
                        .isEqualTo(enabled);
            }
        }
    }

    @Test
    void handlesMadeWhileEverythingChangesAgreeWithTheClientInTheEnd() throws Exception {
        store.put("a", "on");
        FlagClient client = rig.client(source);
        AtomicBoolean ended = new AtomicBoolean();
        List<FlagHandle> handles = Collections.synchronizedList(new ArrayList<>());
        List<Future<Integer>> makers = together(4, () -> {
            int made = 0;
            while (!ended.get() && made < 2_000) {
                // A default of its own makes it another handle, one that has to be found by every later change.
                handles.add(client.handle(
                        made % 2 == 0 ? Flag.of("a") : Flag.of("a").defaultOff()));
                handles.add(client.handle("key-" + made % 500));
                made++;
            }
            return made;
        });
        for (int i = 0; i < 200; i++) {
            store.put("a", i % 2 == 0 ? "off" : "on");
            store.put("key-" + i, "off");
            refreshed(client);
        }
        ended.set(true);
        await(makers);

        eventually(() -> assertThat(handles)
                .allSatisfy(handle ->
                        assertThat(handle.isEnabled()).as(handle.key()).isEqualTo(client.isEnabled(handle.key()))));
    }

    @Test
    void everyUnknownKeyOfManyThreadsGetsItsCallsDefault() throws Exception {
        FlagClient client = rig.onMachineTime(FlagClient.builder().ttl(Duration.ofMillis(1)), source);

        await(together(8, () -> {
            for (int i = 0; i < 20_000; i++) {
                String key = "unknown-" + i % 3_000;
                assertThat(client.isEnabled(key, i % 2 == 0)).as(key).isEqualTo(i % 2 == 0);
            }
            return true;
        }));

        assertThat(client.unknownKeys().keys()).hasSizeLessThanOrEqualTo(1_000);
    }
}
