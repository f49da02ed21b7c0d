package io.pratique.probes;

import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Kafka cluster for its brokers, through an application's admin client:
 *
 * <pre>{@code
 * KafkaProbe.of(admin).minimumBrokers(3)
 * }</pre>
 *
 * <p>Fewer brokers than that, no answer in time, no broker within reach, and credentials that are not accepted are DOWN; a
 * quota that is used up is SATURATED. One request a check, which takes no right that a client can lack. Immutable; for
 * any thread.
 */
public final class KafkaProbe implements Probe {

    private static final int MOST_BROKERS = 10_000;

    private final Admin admin;
    private final int minimum;
    private final Duration timeout;

    private KafkaProbe(Admin admin, int minimum, Duration timeout) {
        this.admin = admin;
        this.minimum = minimum;
        this.timeout = timeout;
    }

    /**
     * Asks for one broker at least.
     *
     * @param admin stays open, and the caller's
     * @return the probe
     * @throws IllegalStateException if Kafka's client is not there
     */
    public static KafkaProbe of(Admin admin) {
        Library.KAFKA.requireFor("KafkaProbe");
        return new KafkaProbe(Arguments.required("The client of a KafkaProbe", admin), 1, Timeouts.DEFAULT);
    }

    /**
     * How many brokers there must be, such as the {@code min.insync.replicas} of what is written.
     *
     * @param brokers at least 1, at most 10,000; 1 unless set
     * @return a new probe
     * @throws IllegalArgumentException if it is out of range
     */
    public KafkaProbe minimumBrokers(int brokers) {
        return new KafkaProbe(
                admin, Arguments.within("The brokers of a KafkaProbe", brokers, 1, MOST_BROKERS), timeout);
    }

    /**
     * How long the cluster may take.
     *
     * @param timeout at least a millisecond, at most an hour; 1.5 seconds unless set
     * @return a new probe
     * @throws IllegalArgumentException if it is out of range
     */
    public KafkaProbe timeout(Duration timeout) {
        return new KafkaProbe(admin, minimum, Timeouts.require("KafkaProbe", timeout));
    }

    /** The client ends the request by itself; the wait is longer, for a client that hangs. */
    @Override
    public ProbeResult check() throws Exception {
        DescribeClusterOptions options = new DescribeClusterOptions().timeoutMs(Math.toIntExact(timeout.toMillis()));
        int brokers;
        try {
            brokers = admin.describeCluster(options)
                    .nodes()
                    .get(timeout.plusMillis(250).toMillis(), TimeUnit.MILLISECONDS)
                    .size();
        } catch (TimeoutException late) {
            return ProbeResult.down("no answer from Kafka within " + Timeouts.shown(timeout));
        }
        return brokers >= minimum
                ? ProbeResult.up()
                : ProbeResult.down(brokers + " brokers, of " + minimum + " that there must be");
    }

    /** By the first along the causes that says something. */
    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        for (Throwable cause : Causes.of(failure)) {
            ProbeResult said = KafkaAnswers.classify(cause);
            if (said != null) {
                return said;
            }
        }
        return null;
    }

    @Override
    public ProbeSettings settings() {
        return Timeouts.settings(timeout);
    }

    @Override
    public String toString() {
        return "KafkaProbe[" + minimum + " brokers]";
    }
}
