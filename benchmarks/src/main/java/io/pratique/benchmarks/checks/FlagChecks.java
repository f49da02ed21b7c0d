package io.pratique.benchmarks.checks;

import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.FlagHandle;
import io.pratique.flags.Flags;
import io.pratique.flags.spi.FlagSet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Our flags, by each way in which they can be asked. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // set by JMH before anything else
public class FlagChecks {

    /** How many flags there are. */
    @Param("100")
    public int flags;

    private FlagClient client;
    private FlagHandle handle;
    private String other;
    private String[] cycle;

    /** Nothing yet. */
    public FlagChecks() {}

    /** Builds a client and waits for its first load. */
    @Setup
    public void build() {
        FlagSet set = FlagSet.of(Keys.values(flags));
        client = FlagClient.builder().source(() -> set).build();
        Flags.install(client);
        handle = client.handle(Keys.CONSTANT);
        other = Keys.other(Keys.CONSTANT);
        cycle = Keys.varying(Keys.answers(flags).keySet());
        if (!"source-1".equals(client.evaluate(Keys.CONSTANT).source())) {
            throw new IllegalStateException("the first load has not been answered");
        }
    }

    /** Closes the client. */
    @TearDown
    public void close() {
        client.close();
    }

    /** A handle. */
    @Benchmark
    public boolean handle() {
        return handle.isEnabled();
    }

    /** A client, by a literal. */
    @Benchmark
    public boolean clientLiteral() {
        return client.isEnabled(Keys.CONSTANT);
    }

    /** A client, by a string made at run time. */
    @Benchmark
    public boolean clientOther() {
        return client.isEnabled(other);
    }

    /** A client, by many such strings. */
    @Benchmark
    public boolean clientVarying(Cursor cursor) {
        return client.isEnabled(cursor.next(cycle));
    }

    /** The façade, by a literal. */
    @Benchmark
    public boolean flagsLiteral() {
        return Flags.isEnabled(Keys.CONSTANT);
    }

    /** The façade, by a string made at run time. */
    @Benchmark
    public boolean flagsOther() {
        return Flags.isEnabled(other);
    }

    /** The façade, by many such strings. */
    @Benchmark
    public boolean flagsVarying(Cursor cursor) {
        return Flags.isEnabled(cursor.next(cycle));
    }

    /** The answer with all that explains it. */
    @Benchmark
    public FlagEvaluation evaluateLiteral() {
        return client.evaluate(Keys.CONSTANT);
    }

    /** The same by many strings. */
    @Benchmark
    public FlagEvaluation evaluateVarying(Cursor cursor) {
        return client.evaluate(cursor.next(cycle));
    }
}
