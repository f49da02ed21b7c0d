package io.pratique.benchmarks.checks;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagSet;
import io.pratique.readiness.GateDecision;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ReadinessGate;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Our gate: a job for each flag, dependencies that work, and every job allowed to run. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // set by JMH before anything else
public class GateChecks {

    /** How many flags there are, and jobs. */
    @Param("100")
    public int flags;

    /** How many dependencies there are: one that every job needs, and others that they take in turn. */
    @Param("2")
    public int probes;

    private FlagClient client;
    private ReadinessGate gate;
    private Runnable wrapped;
    private String other;
    private String[] cycle;

    /** Nothing yet. */
    public GateChecks() {}

    /** Builds a client and a gate, and waits for the first answer of every probe. */
    @Setup
    public void build() {
        Map<String, String> on =
                Keys.values(flags).keySet().stream().collect(Collectors.toMap(key -> key, key -> "on"));
        FlagSet set = FlagSet.of(on);
        client = FlagClient.builder().source(() -> set).build();
        ReadinessGate.Builder builder = ReadinessGate.builder().flags(client);
        for (int i = 0; i < probes; i++) {
            builder.probe("dependency-" + i, ProbeResult::up);
        }
        builder.always("dependency-0");
        int jobs = 0;
        for (String job : Keys.answers(flags).keySet()) {
            builder.job(job, "dependency-" + (1 + jobs++ % (probes - 1)));
        }
        gate = builder.build();
        while (!on.keySet().stream().allMatch(gate::shouldRun)) {
            Thread.onSpinWait();
        }
        wrapped = gate.wrap(Keys.CONSTANT, () -> {});
        other = Keys.other(Keys.CONSTANT);
        cycle = Keys.varying(Keys.answers(flags).keySet());
    }

    /** Closes the gate and the client. */
    @TearDown
    public void close() {
        gate.close();
        client.close();
    }

    /** Whether a job may run, by a literal. */
    @Benchmark
    public boolean shouldRunLiteral() {
        return gate.shouldRun(Keys.CONSTANT);
    }

    /** Whether a job may run, by a string made at run time. */
    @Benchmark
    public boolean shouldRunOther() {
        return gate.shouldRun(other);
    }

    /** Whether a job may run, by many such strings. */
    @Benchmark
    public boolean shouldRunVarying(Cursor cursor) {
        return gate.shouldRun(cursor.next(cycle));
    }

    /** The decision with its reason. */
    @Benchmark
    public GateDecision decideLiteral() {
        return gate.decide(Keys.CONSTANT);
    }

    /** The decision of many jobs, with its reason. */
    @Benchmark
    public GateDecision decideVarying(Cursor cursor) {
        return gate.decide(cursor.next(cycle));
    }

    /** A task behind the gate, which does nothing. */
    @Benchmark
    public void wrapped() {
        wrapped.run();
    }
}
