package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.pratique.flags.CapturedLog;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** A clock that the test moves, the gates that go by it, and what they log. Closing it closes them all. */
final class GateRig implements AutoCloseable {

    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** So much later the next check is due, whatever the jitter, and the one after it is not. */
    static final Duration NEXT_CHECK = Duration.ofSeconds(12);

    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final AtomicLong reads = new AtomicLong();
    private final CapturedLog log = capturedLog();
    private final CapturedLog flagLog = CapturedLog.of(FlagClient.class);
    private final List<AutoCloseable> built = new ArrayList<>();

    /** A builder that goes by this rig's clock, with a flag client that has no flag and knows that it has none. */
    ReadinessGate.Builder builder() {
        return ReadinessGate.builder().clock(this::read).flags(flags(Map.of()));
    }

    /** The same, asking this client for flags. */
    ReadinessGate.Builder builder(FlagClient flags) {
        return ReadinessGate.builder().clock(this::read).flags(flags);
    }

    ReadinessGate build(ReadinessGate.Builder builder) {
        ReadinessGate gate = builder.build();
        built.add(gate);
        return gate;
    }

    /** A gate with one dependency that each job needs. */
    ReadinessGate gate(String dependency, Probe probe, Job... jobs) {
        ReadinessGate.Builder builder = builder().probe(dependency, probe).always(dependency);
        for (Job job : jobs) {
            builder.job(job);
        }
        return build(builder);
    }

    /** A client whose one source has answered with these values. */
    FlagClient flags(Map<String, String> values) {
        return closing(FlagClient.builder().source(() -> FlagSet.of(values)).build());
    }

    /** A client whose one source has not answered. */
    FlagClient flagsThatAreAway() {
        return closing(FlagClient.builder()
                .source(() -> {
                    throw new IllegalStateException("the source is away");
                })
                .build());
    }

    <T extends AutoCloseable> T closing(T closeable) {
        built.add(closeable);
        return closeable;
    }

    /**
     * What gates log from now on. A closed gate still writes the lines that it owes, so those of the tests before are
     * waited for.
     */
    static CapturedLog capturedLog() {
        eventuallyTrue(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().matches("pratique-gate-\\d+")));
        return CapturedLog.of(ReadinessGate.class);
    }

    private Instant read() {
        reads.incrementAndGet();
        return clock.get();
    }

    /**
     * Waits until the timer of a gate that nobody else asks has done all that is due by now: it reads the clock a few
     * times for one thing that is due, and then once each time it looks.
     */
    void timerHasLooked() {
        long before = reads.get();
        eventuallyTrue(() -> reads.get() >= before + 16);
    }

    Instant now() {
        return clock.get();
    }

    void advance(Duration by) {
        clock.updateAndGet(now -> now.plus(by));
    }

    /** Has a scripted probe asked once more, and waits until the gate has heard the answer. */
    void check(ReadinessGate gate, String dependency, ScriptedProbe probe) {
        // No check begins before the one before is over in the gate's eyes; its thread then has its own name again.
        eventuallyTrue(() ->
                probe.threads().stream().noneMatch(thread -> thread.getName().equals("pratique-probe-" + dependency)));
        int before = probe.ended();
        advance(NEXT_CHECK);
        eventually(() -> assertThat(probe.ended()).isGreaterThan(before));
        eventually(() -> assertThat(reading(gate, dependency).age()).isEqualTo(Duration.ZERO));
    }

    /** As many checks with this answer. */
    void checks(ReadinessGate gate, String dependency, ScriptedProbe probe, int times) {
        for (int i = 0; i < times; i++) {
            check(gate, dependency, probe);
        }
    }

    static HealthReport.Check reading(ReadinessGate gate, String dependency) {
        return gate.health().checks().stream()
                .filter(check -> check.name().equals(dependency))
                .findFirst()
                .orElseThrow();
    }

    static JobStatus status(ReadinessGate gate, String job) {
        return gate.jobs().stream()
                .filter(status -> status.job().equals(job))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until the job is decided so, and checks that all ways of asking agree. */
    static GateDecision decided(ReadinessGate gate, String job, DecisionReason reason) {
        eventually(() ->
                assertThat(gate.decide(job).reason()).as(gate.explain(job)).isEqualTo(reason));
        return agreed(gate, job);
    }

    /** A decision with which all ways of asking agree; for a gate at rest. */
    static GateDecision agreed(ReadinessGate gate, String job) {
        GateDecision decision = gate.decide(job);
        assertThat(gate.shouldRun(job)).as(gate.explain(job)).isEqualTo(decision.run());
        assertThat(gate.explain(job).split("\\R", -1))
                .as("lines of the explanation")
                .hasSize(1);
        assertThat(gate.explain(job)).contains(decision.reason().toString());
        return decision;
    }

    CapturedLog log() {
        return log;
    }

    /** What was said at a level of a dependency. */
    List<String> said(Level level, String dependency) {
        return log.events(level, "dependency", dependency).stream()
                .map(event -> event.getFormattedMessage())
                .toList();
    }

    static void eventually(ThrowingRunnable assertion) {
        patiently().untilAsserted(assertion);
    }

    static void eventuallyTrue(Callable<Boolean> condition) {
        patiently().until(condition);
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : built) {
            each.close();
        }
        log.close();
        flagLog.close();
    }
}
