package io.pratique.examples.worker;

import com.zaxxer.hikari.HikariDataSource;
import io.pratique.config.ConfigReport;
import io.pratique.config.ConfigValues;
import io.pratique.examples.FreePort;
import io.pratique.examples.config.CoreApiConfig;
import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Shows a worker whose flags are edited and whose dependencies fail and come back, on a real PostgreSQL. Exits with 0
 * only if each step happened as told. With {@code --serve} the worker goes on afterwards until it is stopped.
 */
public final class WorkerTour {

    private static final List<String> ALL =
            List.of("outbox-dispatcher", "webhook-dispatcher", "voice-runner", "cleanup-runner");

    private final PrintStream out;
    private final Path home;
    private final Path storage;
    private final Path flagFile;
    private final InstantSource clock;
    private final Duration pace;
    private final CountDownLatch cleanedUp = new CountDownLatch(1);
    private final AtomicBoolean secretsCheckIsBroken = new AtomicBoolean();

    private WorkerTour(PrintStream out, InstantSource clock, Duration pace, Path home) throws IOException {
        this.out = out;
        this.clock = clock;
        this.pace = pace;
        this.home = home;
        this.storage = Files.createDirectory(home.resolve("storage"));
        this.flagFile = Files.writeString(home.resolve("flags.env"), "OUTBOX_PROCESSING_ENABLED=on\n");
    }

    /**
     * Runs the tour.
     *
     * @param args {@code --serve} to keep the worker running afterwards; {@code --brisk} to leave out the pauses in which
     *     a person reads
     * @throws IOException if files or the server cannot be handled
     * @throws SQLException if the tables cannot be made
     * @throws InterruptedException if the tour is interrupted
     */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        List<String> options = List.of(args);
        if (!Set.of("--serve", "--brisk").containsAll(options)) {
            System.err.println("usage: worker [--serve] [--brisk]");
            System.exit(2);
        }
        Duration pace = options.contains("--brisk") ? Duration.ZERO : Duration.ofSeconds(2);
        boolean happened = run(System.out, InstantSource.system(), pace, options.contains("--serve"));
        System.exit(happened ? 0 : 1);
    }

    /** Runs the tour in a directory of its own, once the configuration is known to be right. */
    static boolean run(PrintStream out, InstantSource clock, Duration pace, boolean serve)
            throws IOException, SQLException, InterruptedException {
        int port = FreePort.next();
        ConfigReport config = configuration(port);
        Path home = Files.createTempDirectory("pratique-worker");
        WorkerTour tour = new WorkerTour(out, clock, pace, home);
        try {
            return tour.run(config, port, serve);
        } finally {
            delete(home);
            tour.cleanedUp.countDown();
        }
    }

    private boolean run(ConfigReport config, int port, boolean serve)
            throws IOException, SQLException, InterruptedException {
        out.println("Starting PostgreSQL ...");
        try (EmbeddedDatabase database = new EmbeddedDatabase(home.resolve("postgres"), port)) {
            database.start();
            try (HikariDataSource pool = database.pool()) {
                EmbeddedDatabase.createTables(pool);
                try (Worker worker = new Worker(pool, storage, this::checkSecrets, flagFile, config)) {
                    worker.start();
                    boolean happened = tour(worker, database);
                    if (serve) {
                        serve(worker, database);
                    }
                    return happened;
                }
            }
        }
    }

    /** Ends the process if the environment says something wrong; what it says nothing of, the tour does. */
    private static ConfigReport configuration(int port) {
        ConfigValues own = ConfigValues.of(
                "the tour", Map.of("DATABASE_URL", EmbeddedDatabase.url(port), "SECRETS_PROVIDER", "env"));
        return CoreApiConfig.SCHEMA.validateOrExit(ConfigValues.environment().over(own));
    }

    private ProbeResult checkSecrets() {
        if (secretsCheckIsBroken.get()) {
            throw new IllegalArgumentException("a bug in the check, not in what it checks");
        }
        return ProbeResult.up();
    }

    private boolean tour(Worker worker, EmbeddedDatabase database) throws IOException {
        Progress progress = new Progress(worker);
        TourSteps steps = new TourSteps(out, clock, progress::begin, pace, 9);

        steps.step("All four jobs run", () -> progress.allRun(ALL));

        Files.writeString(flagFile, "OUTBOX_PROCESSING_ENABLED=off\n");
        steps.step("Flag edited to off: outbox-dispatcher stops", () -> progress.onlySkipped("outbox-dispatcher"));
        steps.explain(worker, "outbox-dispatcher");

        Files.writeString(flagFile, "OUTBOX_PROCESSING_ENABLED=on\n");
        steps.step("Flag edited to on: it goes on", () -> progress.allRun(ALL));

        database.stop();
        steps.step(
                "PostgreSQL stopped: all jobs skip, and /health/ready says 503",
                () -> progress.allSkipped(ALL) && progress.readyStatus() == 503);
        steps.explain(worker, "webhook-dispatcher");

        database.start();
        steps.step(
                "PostgreSQL started again: all jobs go on, and /health/ready says 200",
                () -> progress.allRun(ALL) && progress.readyStatus() == 200);

        Path elsewhere = home.resolve("storage.away");
        Files.move(storage, elsewhere, StandardCopyOption.ATOMIC_MOVE);
        steps.step("Storage directory gone: only cleanup-runner skips", () -> progress.onlySkipped("cleanup-runner"));
        steps.explain(worker, "cleanup-runner");
        Files.move(elsewhere, storage, StandardCopyOption.ATOMIC_MOVE);
        steps.step("Storage directory back: all jobs run", () -> progress.allRun(ALL));

        secretsCheckIsBroken.set(true);
        steps.step(
                "The check of the secrets throws: its jobs run all the same",
                () -> progress.isBroken("secrets") && progress.allRun(ALL));
        steps.explain(worker, "voice-runner");
        secretsCheckIsBroken.set(false);

        steps.step("The check is mended: all is healthy", () -> progress.isHealthy() && progress.allRun(ALL));
        return steps.allHappened();
    }

    /** Goes on until the process is told to stop, and then stops as a worker should. */
    private void serve(Worker worker, EmbeddedDatabase database) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            out.println("Draining ... " + (worker.drain() ? "done" : "some jobs were still running"));
            stopped.countDown();
            awaitCleanUp();
        }));
        out.println("The worker goes on until it is stopped, with Ctrl-C for one.");
        out.println("  flags     " + flagFile);
        out.println("  storage   " + storage);
        out.println("  database  " + database.url());
        out.println("  health    " + worker.monitoring().at("/health"));
        out.println("  metrics   " + worker.monitoring().at("/metrics") + ", token \"" + Monitoring.TOKEN + "\"");
        stopped.await();
    }

    private void awaitCleanUp() {
        try {
            if (!cleanedUp.await(10, TimeUnit.SECONDS)) {
                out.println("Left behind: " + home);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
