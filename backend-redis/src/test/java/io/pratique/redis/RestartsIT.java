package io.pratique.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that keeps what it has acknowledged, and is killed under those who write. */
@Tag("B-4")
class RestartsIT {

    private static final int WRITERS = 8;
    private static final int FLAGS = 4;
    private static final int RESTARTS = 3;

    private final Map<String, FlagRevision> made = new ConcurrentHashMap<>();
    private final Map<String, String> thrown = new ConcurrentHashMap<>();
    private volatile boolean enough;

    /** Each change has a reason of its own, by which it is found. */
    private Void write(int number, RedisFlagStore store) {
        for (int i = 0; !enough; i++) {
            String reason = "change " + i + " of " + number;
            try {
                made.put(reason, store.set("flag-" + number % FLAGS, "off", Attribution.of("a writer", reason)));
            } catch (FlagStoreException e) {
                thrown.put(reason, e.getMessage());
            }
        }
        return null;
    }

    @Test
    void whatWasAcknowledgedIsThereAndWhatIsThereWasAcknowledgedOrInDoubt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        RedisSettings quick = RedisSettings.defaults().timeout(Duration.ofSeconds(1));
        try (RedisProcess redis = RedisProcess.start("--appendonly", "yes", "--appendfsync", "always");
                RedisFlagStore store = RedisFlagStore.connect(redis.uri(), quick)) {
            List<Future<Void>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int number = i;
                writers.add(threads.submit(() -> write(number, store)));
            }
            for (int i = 0; i < RESTARTS; i++) {
                awaitMore();
                redis.kill();
                redis.startAgain();
            }
            awaitMore();
            enough = true;
            for (Future<Void> writer : writers) {
                writer.get();
            }
            assertHistory(store);
        } finally {
            enough = true;
            threads.shutdown();
        }
    }

    private void awaitMore() {
        int before = made.size();
        await().until(() -> made.size() > before + 200);
    }

    private void assertHistory(RedisFlagStore store) {
        List<FlagRevision> all = IntStream.range(0, FLAGS)
                .mapToObj(flag -> store.history("flag-" + flag, 1_000_000))
                .flatMap(List::stream)
                .toList();
        assertThat(all.stream().map(FlagRevision::version)).doesNotHaveDuplicates();
        Map<String, FlagRevision> history =
                all.stream().collect(Collectors.toMap(change -> change.by().reason(), Function.identity()));
        assertThat(history).containsAllEntriesOf(made);
        Set<String> unanswered = new HashSet<>(history.keySet());
        unanswered.removeAll(made.keySet());
        assertThat(unanswered)
                .allSatisfy(reason -> assertThat(thrown.get(reason)).contains(RedisFault.MAY_BE_MADE));
    }
}
