package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that want one lock, and of which holders are killed: never are two inside. */
@Tag("S-5")
class LockHammerIT {

    private static final int PROCESSES = 3;
    private static final int STRIKES = 60;
    private static final int KILLS = 2;

    @TempDir
    private Path directory;

    private final ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
    private final List<ReleasingProcess> processes = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    @Test
    void ofAFile() throws Exception {
        hammer();
    }

    @Test
    void ofPostgres() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start()) {
            PostgresReleaseLock.over(server.getPostgresDatabase(), "hammer").createTables();
            Files.writeString(directory.resolve("url"), server.getJdbcUrl("postgres", "postgres"));
            hammer();
        }
    }

    private void hammer() throws Exception {
        Files.createFile(directory.resolve("inside"));
        try {
            for (int kill = 0; kill <= KILLS; kill++) {
                while (processes.size() < PROCESSES + kill) {
                    start();
                }
                int enough = tokens().size() + STRIKES / (KILLS + 1);
                await().atMost(Duration.ofMinutes(3)).until(() -> tokens().size() >= enough);
                if (kill < KILLS) {
                    processes.get(kill).kill();
                }
            }
        } finally {
            for (ReleasingProcess process : processes) {
                process.close();
            }
            for (Thread reader : readers) {
                reader.join();
            }
        }
        assertNeverTwo();
    }

    private void start() throws Exception {
        ReleasingProcess process = ReleasingProcess.start(directory, "hammer");
        processes.add(process);
        Thread reader = new Thread(() -> read(process));
        reader.start();
        readers.add(reader);
    }

    private void read(ReleasingProcess process) {
        try {
            for (String line = process.line(); line != null; line = process.line()) {
                said.add(line);
            }
        } catch (IOException killed) {
            // What it has not said by then is not missed.
        }
    }

    private List<String> tokens() {
        return said.stream()
                .filter(line -> line.startsWith("alone "))
                .map(line -> line.substring("alone ".length()))
                .toList();
    }

    /** Only a holder that was paused for longer than its lease may find another one inside. */
    private void assertNeverTwo() {
        assertThat(tokens()).hasSizeGreaterThanOrEqualTo(STRIKES).doesNotHaveDuplicates();
        assertThat(said).noneMatch(line -> line.startsWith("Exception") || line.startsWith("robbed"));
        assertThat(said)
                .filteredOn(line -> line.startsWith("beside "))
                .allSatisfy(line -> assertThat(said).contains(line.replace("beside ", "paused ")));
    }
}
