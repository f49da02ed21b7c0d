package io.pratique.benchmarks.checks;

import java.util.HashMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What no implementation goes below: the JDK's own ways to look an answer up that another thread may replace. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway") // every key that is asked for is there
public class Floors {

    /** How many flags there are. */
    @Param("100")
    public int flags;

    private volatile boolean on = true;
    private volatile Map<String, Boolean> hashMap = Map.of();
    private volatile Map<String, Boolean> copy = Map.of();
    private String other = "";
    private String same = "";
    private String[] cycle = {};

    /** Nothing yet. */
    public Floors() {}

    /** Fills the maps. */
    @Setup
    public void fill() {
        hashMap = new HashMap<>(Keys.answers(flags));
        copy = Map.copyOf(hashMap);
        other = Keys.other(Keys.CONSTANT);
        same = Keys.CONSTANT;
        cycle = Keys.varying(hashMap.keySet());
    }

    /** The floor of a handle. */
    @Benchmark
    public boolean volatileRead() {
        return on;
    }

    /** The floor of everything that is asked by key. */
    @Benchmark
    public boolean hashMapOther() {
        return hashMap.get(other);
    }

    /** The same for a key that is the map's own instance. */
    @Benchmark
    public boolean hashMapSame() {
        return hashMap.get(same);
    }

    /** The floor of everything that is asked by many keys. */
    @Benchmark
    public boolean hashMapVarying(Cursor cursor) {
        return hashMap.get(cursor.next(cycle));
    }

    /** An immutable map in its place. */
    @Benchmark
    public boolean copyOther() {
        return copy.get(other);
    }

    /** An immutable map, its own instance. */
    @Benchmark
    public boolean copySame() {
        return copy.get(same);
    }

    /** An immutable map, many keys. */
    @Benchmark
    public boolean copyVarying(Cursor cursor) {
        return copy.get(cursor.next(cycle));
    }

    /** A look at the clock, which is why no check takes one. */
    @Benchmark
    public long nanoTime() {
        return System.nanoTime();
    }
}
