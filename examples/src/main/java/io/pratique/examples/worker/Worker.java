package io.pratique.examples.worker;

import io.pratique.config.ConfigReport;
import io.pratique.env.EnvFlagSource;
import io.pratique.flags.FlagClient;
import io.pratique.probes.DirectoryProbe;
import io.pratique.probes.JdbcProbe;
import io.pratique.probes.ReportingDataSource;
import io.pratique.readiness.JobCatalog;
import io.pratique.readiness.Probe;
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
 * client, a gate with a probe for each dependency, {@code gate.wrap(..)} around each job, and what it shows of itself.
 */
final class Worker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** The tour is in a hurry: a real worker would ask every ten seconds, which is the default. */
    private static final ProbeSettings BRISK = ProbeSettings.defaults()
            .interval(Duration.ofMillis(500))
            .timeout(Duration.ofMillis(1500))
            .failureThreshold(2)
            .successThreshold(1);

    private final ReportingDataSource database;
    private final Path storage;
    private final Map<String, AtomicLong> runs = new LinkedHashMap<>();
    private final FlagClient flags;
    private final ReadinessGate gate;
    private final Monitoring monitoring;
    private final AtomicLong pending = new AtomicLong();
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(4);

    /**
     * Builds the worker without starting it.
     *
     * @param secrets asked for the secrets dependency; its own check, so that the tour can break it
     * @param config what the worker was found to be configured with
     */
    Worker(DataSource database, Path storage, Probe secrets, Path flagFile, ConfigReport config) {
        this.database = ReportingDataSource.over(database);
        this.storage = storage;
        this.flags = FlagClient.builder()
                .source(EnvFlagSource.file(flagFile).name("flag-file"))
                .countEvaluations()
                .build();
        this.gate = ReadinessGate.builder()
                .flags(flags)
                .probe("database", JdbcProbe.of(this.database).timeout(Duration.ofSeconds(1)), BRISK)
                .probe("storage", DirectoryProbe.of(storage), BRISK)
                .probe("secrets", secrets, BRISK)
                .jobs(JobCatalog.preset())
                .build();
        this.database.reportTo(gate.dependency("database"));
        this.monitoring = new Monitoring(flags, gate, config, storage, pending::get);
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

    private void dispatchOutbox() throws SQLException {
        execute("insert into outbox (payload) values (?)", "order placed");
        pending.incrementAndGet();
        execute("update outbox set published_at = now() where published_at is null and payload = ?", "order placed");
        pending.set(0);
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

    Monitoring monitoring() {
        return monitoring;
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
        monitoring.close();
        gate.close();
        flags.close();
    }

    /** What a job does. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, SQLException;
    }
}
