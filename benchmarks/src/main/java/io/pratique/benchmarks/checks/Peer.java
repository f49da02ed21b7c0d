package io.pratique.benchmarks.checks;

import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Another library over the same flags, set up as its documentation recommends for answers without a call over the
 * network. Each runs in a process of its own.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // set by JMH before anything else
public abstract class Peer {

    /** How many flags there are. */
    @Param("100")
    public int flags;

    private String[] cycle;

    /** Nothing yet. */
    protected Peer() {}

    /**
     * Builds the library's client.
     *
     * @throws Exception if it cannot be built
     */
    @Setup
    public void build() throws Exception {
        Map<String, Boolean> answers = Keys.answers(flags);
        start(answers);
        cycle = Keys.varying(answers.keySet());
        for (Map.Entry<String, Boolean> answer : answers.entrySet()) {
            if (isEnabled(answer.getKey()) != answer.getValue()) {
                throw new IllegalStateException("flag \"" + answer.getKey() + "\" is not " + answer.getValue());
            }
        }
        if (!isConstantEnabled()) {
            throw new IllegalStateException("flag \"" + Keys.CONSTANT + "\" is not on");
        }
    }

    /**
     * Closes it.
     *
     * @throws Exception if that fails
     */
    @TearDown
    public void close() throws Exception {
        stop();
    }

    abstract void start(Map<String, Boolean> answers) throws Exception;

    abstract void stop() throws Exception;

    abstract boolean isEnabled(String key);

    /** As this library's users write it for a flag that is known when the program is compiled. */
    boolean isConstantEnabled() {
        return isEnabled(Keys.CONSTANT);
    }

    /** The same flag each time. */
    @Benchmark
    public boolean constant() {
        return isConstantEnabled();
    }

    /** Many flags, by strings made at run time. */
    @Benchmark
    public boolean varying(Cursor cursor) {
        return isEnabled(cursor.next(cycle));
    }
}
