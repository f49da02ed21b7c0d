package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.io.Trouble;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of releases, for Prometheus. They are computed from what is kept in the directory of the releases each time
 * they are asked for: so a release that was killed counts too, and nothing is forgotten at a restart. {@link ReleaseMetric}
 * names them all.
 *
 * <pre>{@code
 * ReleaseMetrics metrics = ReleaseMetrics.in(Path.of("/var/lib/worker/releases")).service("worker");
 * Release.named("v1.2.4")
 *         .afterwards(metrics.writing(Path.of("/var/lib/node_exporter/worker_releases.prom")))
 *         ..
 * }</pre>
 *
 * <p>A release that was killed writes nothing afterwards, so have something else write or push them every minute or so.
 * They are read without the lock, and never change what becomes of a release. Immutable; all methods may be called by any
 * thread.
 */
public final class ReleaseMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(ReleaseMetrics.class);

    private final Path directory;
    private final ReleaseLock lock;
    private final @Nullable String service;
    private final InstantSource clock;

    private ReleaseMetrics(Path directory, ReleaseLock lock, @Nullable String service, InstantSource clock) {
        this.directory = directory;
        this.lock = lock;
        this.service = service;
        this.clock = clock;
    }

    /**
     * The metrics of the releases of a directory, whose lock is in files there.
     *
     * @param directory as given to {@link Release.Builder#directory}; there are no releases if it is not there
     * @return metrics without a label for the service
     * @throws IllegalArgumentException if it is null
     */
    public static ReleaseMetrics in(Path directory) {
        return new ReleaseMetrics(
                given("directory", directory), FileReleaseLock.in(directory), null, InstantSource.system());
    }

    /**
     * The same metrics with a label {@code service}, which tells several services of one host apart.
     *
     * @param service what is released
     * @return new metrics
     * @throws IllegalArgumentException if it is null or blank
     */
    public ReleaseMetrics service(String service) {
        return new ReleaseMetrics(directory, lock, notBlank("service", service), clock);
    }

    /**
     * The same metrics, with another lock to look at.
     *
     * @param lock as given to {@link Release.Builder#lock}
     * @return new metrics
     * @throws IllegalArgumentException if it is null
     */
    public ReleaseMetrics lock(ReleaseLock lock) {
        return new ReleaseMetrics(directory, given("lock", lock), service, clock);
    }

    /**
     * The same metrics by another clock.
     *
     * @param clock the machine's unless set
     * @return new metrics
     * @throws IllegalArgumentException if it is null
     */
    public ReleaseMetrics clock(InstantSource clock) {
        return new ReleaseMetrics(directory, lock, service, given("clock", clock));
    }

    /**
     * Computes the metrics. What cannot be read is left out, and {@link ReleaseMetric#UNREADABLE} tells of it, as does the
     * log.
     *
     * @return them in the text format of Prometheus, version 0.0.4
     */
    public String toText() {
        MetricsText text = new MetricsText(service);
        Instant now = clock.instant();
        SituationMetrics situation = new SituationMetrics(directory, now, text);
        ReleaseHistory history = history();
        add(text, "history", history, known -> new HistoryMetrics(known, directory, text).add());
        add(text, "lock", lock, known -> situation.addLock(known, history));
        add(text, "watch", history, situation::addWatch);
        add(text, "incidents", directory, known -> new IncidentMetrics(known, now, text).add());
        text.set(ReleaseMetric.COMPUTED, now);
        return text.toString();
    }

    /** Shows what is known from one source. */
    @FunctionalInterface
    private interface Show<T> {
        void of(T known) throws IOException;
    }

    private <T> void add(MetricsText text, String source, @Nullable T known, Show<T> show) {
        text.set(ReleaseMetric.UNREADABLE, known == null, source);
        try {
            if (known != null) {
                show.of(known);
            }
        } catch (IOException | RuntimeException e) {
            text.set(ReleaseMetric.UNREADABLE, true, source);
            Trouble.warn(LOG, e).addKeyValue("directory", directory).log("Metrics of releases lack the {}", source);
        }
    }

    private @Nullable ReleaseHistory history() {
        try {
            return ReleaseHistory.in(directory);
        } catch (IOException | RuntimeException e) {
            Trouble.warn(LOG, e).addKeyValue("directory", directory).log("Metrics of releases lack the history");
            return null;
        }
    }

    /**
     * Writes the metrics to a file that is replaced as a whole, and that all users may read.
     *
     * @param textfile in a directory that is there, such as that of node_exporter's textfile collector, which reads files
     *     that end with {@code .prom}; there is one for each service
     * @throws IOException if it cannot be written; then it is as it was
     */
    public void write(Path textfile) throws IOException {
        MetricsDelivery.write(given("textfile", textfile), toText());
    }

    /**
     * Pushes the metrics to a Prometheus Pushgateway, instead of all that were pushed before for the same job and service.
     * Returns or fails within ten seconds.
     *
     * @param gateway such as {@code http://pushgateway:9091}
     * @param job the value of the label {@code job}
     * @throws IllegalArgumentException if that is no such URL, or the job is null or blank
     * @throws IOException if the gateway does not take them
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void push(URI gateway, String job) throws IOException, InterruptedException {
        MetricsDelivery.push(
                MetricsDelivery.group(gateway, notBlank("job", job), service), toText(), MetricsDelivery.TIMEOUT);
    }

    /**
     * Has the metrics written after each release.
     *
     * @param textfile as for {@link #write}
     * @return for {@link Release.Builder#afterwards}; a failure is logged
     * @throws IllegalArgumentException if it is null
     */
    public Consumer<ReleaseReport> writing(Path textfile) {
        Path file = given("textfile", textfile);
        return report -> deliver(() -> write(file));
    }

    /**
     * Has the metrics pushed after each release.
     *
     * @param gateway as for {@link #push}
     * @param job as for {@link #push}
     * @return for {@link Release.Builder#afterwards}; a failure is logged
     * @throws IllegalArgumentException as {@link #push} does
     */
    public Consumer<ReleaseReport> pushing(URI gateway, String job) {
        URI group = MetricsDelivery.group(gateway, notBlank("job", job), service);
        return report -> deliver(() -> MetricsDelivery.push(group, toText(), MetricsDelivery.TIMEOUT));
    }

    /** How metrics get where they are wanted. */
    @FunctionalInterface
    private interface Delivery {
        void run() throws IOException, InterruptedException;
    }

    private void deliver(Delivery delivery) {
        try {
            delivery.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            Trouble.warn(LOG, e).addKeyValue("directory", directory).log("Metrics of releases are not delivered");
        }
    }

    private static <T> T given(String what, @Nullable T setting) {
        if (setting == null) {
            throw new IllegalArgumentException(what + " of the metrics must be given, but is null");
        }
        return setting;
    }

    private static String notBlank(String what, @Nullable String setting) {
        String name = given(what, setting);
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    what + " of the metrics must not be blank, but is \"" + FlagText.printable(name) + "\"");
        }
        return name;
    }
}
