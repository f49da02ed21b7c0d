package io.pratique.examples.worker;

import io.pratique.env.EnvFlagSource;
import io.pratique.flags.FlagClient;
import io.pratique.readiness.JobCatalog;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import io.pratique.readiness.ReadinessGate;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker as its developers wrote it: four background jobs on an ordinary scheduler. All that Pratique adds is a flag
 * client, a gate with a probe for each dependency, and {@code gate.wrap(..)} around each job.
 */
final class Worker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** The tour is in a hurry: a real worker would ask every ten seconds, which is the default. */
    private static final ProbeSettings BRISK = ProbeSettings.defaults()
            .interval(Duration.ofMillis(500))
            .timeout(Duration.ofMillis(1500))
            .failureThreshold(2)
            .successThreshold(1);

    private final DataSource database;
    private final Path storage;
    private final Map<String, AtomicLong> runs = new LinkedHashMap<>();
    private final FlagClient flags;
    private final ReadinessGate gate;
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(4);

    /**
     * Builds the worker without starting it.
     *
     * @param secrets asked for the secrets dependency; its own check, so that the tour can break it
     */
    Worker(DataSource database, Path storage, Probe secrets, Path flagFile) {
        this.database = database;
        this.storage = storage;
        this.flags = FlagClient.builder()
                .source(EnvFlagSource.file(flagFile).name("flag-file"))
                .build();
        this.gate = ReadinessGate.builder()
                .flags(flags)
                .probe("database", this::checkDatabase, BRISK)
                .probe("storage", this::checkStorage, BRISK)
                .probe("secrets", secrets, BRISK)
                .jobs(JobCatalog.preset())
                .build();
    }

    void start() {
        schedule("outbox-dispatcher", this::dispatchOutbox);
        schedule("webhook-dispatcher", () -> deliver("webhook"));
        schedule("voice-runner", () -> deliver("voice"));
        schedule("cleanup-runner", this::cleanUp);
    }

    private void schedule(String job, Work work) {
        AtomicLong count = new AtomicLong();
        runs.put(job, count);
        Runnable task = () -> {
            try {
                work.run();
                count.incrementAndGet();
            } catch (IOException | SQLException e) {
                // A scheduler drops a task that throws; this is the worker's own business, with or without a gate.
                LOG.debug("{} failed", job, e);
            }
        };
        ScheduledFuture<?> unused =
                scheduler.scheduleWithFixedDelay(gate.wrap(job, task), 0, 100, TimeUnit.MILLISECONDS);
    }

    private ProbeResult checkDatabase() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return connection.isValid(1) ? ProbeResult.up() : ProbeResult.down("the connection is not valid");
        }
    }

    private ProbeResult checkStorage() {
        return Files.isWritable(storage)
                ? ProbeResult.up()
                : ProbeResult.down("directory " + storage.getFileName() + " is missing or not writable");
    }

    private void dispatchOutbox() throws SQLException {
        execute("insert into outbox (payload) values (?)", "order placed");
        execute("update outbox set published_at = now() where published_at is null and payload = ?", "order placed");
    }

    private void deliver(String channel) throws SQLException {
        execute("insert into delivery (channel) values (?)", channel);
    }

    private void cleanUp() throws IOException, SQLException {
        Files.writeString(storage.resolve("artifact.tmp"), "left over");
        try (DirectoryStream<Path> leftOvers = Files.newDirectoryStream(storage, "*.tmp")) {
            for (Path leftOver : leftOvers) {
                Files.delete(leftOver);
            }
        }
        execute("delete from delivery where channel = ? and delivered_at < now() - interval '1 minute'", "webhook");
    }

    private void execute(String sql, String parameter) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            statement.executeUpdate();
        }
    }

    FlagClient flags() {
        return flags;
    }

    ReadinessGate gate() {
        return gate;
    }

    /** How often a job's work has been done to the end. */
    long runs(String job) {
        AtomicLong count = runs.get(job);
        return count == null ? 0 : count.get();
    }

    Iterable<String> jobs() {
        return runs.keySet();
    }

    /** Stops as a worker should: no new runs, those under way to their end, and only then the resources. */
    boolean drain() {
        return gate.drain(Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        gate.close();
        flags.close();
    }

    /** What a job does. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, SQLException;
    }
}
