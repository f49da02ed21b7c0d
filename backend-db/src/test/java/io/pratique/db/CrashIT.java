package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed while many write. What was confirmed is there, once, and nobody overwrote it unseen. */
@Tag("B-4")
@Timeout(180)
class CrashIT {

    private static final int WRITERS = 8;
    private static final int CRASHES = 3;
    private static final String KEY = "outbox-processing";

    @TempDir
    private Path data;

    private final AtomicBoolean over = new AtomicBoolean();

    /** By what each was written for. */
    private final Map<String, FlagRevision> confirmed = new ConcurrentHashMap<>();

    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    @Test
    void eachWriteIsInTheHistoryOnceOrWasThrown() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (PostgresServer server = new PostgresServer(data.resolve("data"))) {
            server.start();
            try (JdbcFlagStore store = open(server)) {
                store.list();
                List<Future<?>> writers = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    int writer = i;
                    writers.add(threads.submit(() -> write(server, writer)));
                }
                crash(server);
                over.set(true);
                for (Future<?> each : writers) {
                    each.get();
                }
                assertNothingIsLost(store.history(KEY, Integer.MAX_VALUE));
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private static JdbcFlagStore open(PostgresServer server) {
        return JdbcFlagStore.connect(
                server.url(), "postgres", "postgres", JdbcSettings.defaults().timeout(Duration.ofSeconds(2)));
    }

    private void crash(PostgresServer server) throws IOException {
        for (int i = 0; i < CRASHES; i++) {
            int before = confirmed.size();
            await().atMost(Duration.ofSeconds(30)).until(() -> confirmed.size() > before + 50);
            server.kill();
            server.start();
        }
        int before = confirmed.size();
        await().atMost(Duration.ofSeconds(30)).until(() -> confirmed.size() > before + 50);
    }

    /** Each expects what it has seen, and says so. */
    private void write(PostgresServer server, int writer) {
        try (JdbcFlagStore store = open(server)) {
            for (int i = 0; !over.get(); i++) {
                String what = writer + "/" + i;
                try {
                    long seen = store.history(KEY, 1).stream()
                            .mapToLong(FlagRevision::version)
                            .findFirst()
                            .orElse(0);
                    Optional<FlagRevision> made =
                            store.compareAndSet(KEY, seen, "off", Attribution.of(what, String.valueOf(seen)));
                    made.ifPresent(revision -> confirmed.put(what, revision));
                } catch (FlagStoreException thrown) {
                    failed.add(what);
                }
            }
        }
    }

    private void assertNothingIsLost(List<FlagRevision> history) {
        Set<String> made = new HashSet<>();
        long last = 0;
        for (FlagRevision each : history.stream()
                .sorted(Comparator.comparingLong(FlagRevision::version))
                .toList()) {
            String what = each.by().actor();
            assertThat(made.add(what)).as("%s is made once", what).isTrue();
            assertThat(each.by().reason()).as("what %s had seen", what).isEqualTo(String.valueOf(last));
            assertThat(confirmed.containsKey(what) || failed.contains(what))
                    .as("%s", what)
                    .isTrue();
            last = each.version();
        }
        assertThat(history).containsAll(confirmed.values());
        assertThat(failed).isNotEmpty();
    }
}
