package io.pratique.benchmarks.refresh;

import io.pratique.benchmarks.refresh.Backend.Counted;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What it costs to read flags, and to find that nothing or a hundredth of them has changed, as the flags grow in number:
 * time, allocation, bytes that come over the wire or from files, and rows that a database looks at.
 */
public final class Refresh {

    private static final int LEAST_CALLS = 5;
    private static final List<String> SIZES = List.of("100", "10000", "100000");

    private final Backend backend;
    private final long budget;
    private final Growth first = new Growth("first load, connecting included");
    private final Growth full = new Growth("full load");
    private final Growth unchanged = new Growth("poll that finds nothing");
    private final Growth changed = new Growth("poll after 1 % has changed");
    private String value = "on";

    private Refresh(Backend backend, long budget) {
        this.backend = backend;
        this.budget = budget;
    }

    /**
     * Measures and prints.
     *
     * @param args the backend, {@code postgres}, {@code redis}, {@code file}, {@code directory}, or {@code client} for
     *     what a client does with what any of them delivers; the seconds for which each call is repeated, after as many to
     *     warm up, 5 if left out; the numbers of flags, ascending, 100, 10,000 and 100,000 if left out
     * @throws Exception if the backend fails
     */
    public static void main(String[] args) throws Exception {
        String kind = args.length > 0 ? args[0] : "postgres";
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        Stream<String> sizes = args.length > 2 ? Arrays.stream(args).skip(2) : SIZES.stream();
        try (Backend backend = Backend.start(kind)) {
            System.out.printf(
                    Locale.ROOT,
                    "%s, each call for %d s, %d processors, Java %s%n",
                    backend.title(),
                    seconds,
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.version());
            Refresh refresh = new Refresh(backend, TimeUnit.SECONDS.toNanos(seconds));
            for (int flags : sizes.mapToInt(Integer::parseInt).toArray()) {
                System.err.println(flags + " flags");
                backend.fill(flags);
                refresh.measure(flags);
            }
            Stream.of(refresh.first, refresh.full, refresh.unchanged, refresh.changed)
                    .forEach(System.out::print);
        }
        System.exit(0);
    }

    /** What is counted comes last: by then no class is read from its jar any more. */
    private void measure(int flags) throws Exception {
        Cost ofFirst = repeated(this::connect);
        Cost ofFull;
        Cost ofUnchanged;
        Cost ofChanged;
        try (Reader reader = backend.open()) {
            reader.load();
            ofFull = repeated(cost -> cost.add(reader, reader::load));
            ofUnchanged = repeated(cost -> cost.add(reader, reader::poll));
            ofChanged = repeated(cost -> pollOfChanges(reader, cost));
        }
        change("on");
        OptionalLong ofLoad = backend.rowsRead(Counted.LOAD);
        OptionalLong ofNothing = backend.rowsRead(Counted.POLL_OF_NOTHING);
        OptionalLong ofChanges = backend.rowsRead(Counted.POLL_OF_CHANGES);
        try (Reader reader = backend.openCounted()) {
            first.add(flags, ofFirst, bytes(reader::load), ofLoad);
            full.add(flags, ofFull, bytes(reader::load), ofLoad);
            unchanged.add(flags, ofUnchanged, bytes(reader::poll), ofNothing);
            change("off");
            changed.add(flags, ofChanged, bytes(reader::poll), ofChanges);
        }
        change("on");
    }

    /** What is done again and again. */
    @FunctionalInterface
    private interface Repeated {

        void run(Cost cost) throws Exception;
    }

    /** Repeats to warm up, and then to measure. */
    private Cost repeated(Repeated call) throws Exception {
        repeat(call, new Cost());
        Cost cost = new Cost();
        repeat(call, cost);
        return cost;
    }

    private void repeat(Repeated call, Cost cost) throws Exception {
        long end = System.nanoTime() + budget;
        do {
            call.run(cost);
        } while (cost.times() < LEAST_CALLS || System.nanoTime() < end);
    }

    private void connect(Cost cost) throws Exception {
        try (Reader reader = backend.open()) {
            cost.add(reader, reader::load);
        }
    }

    private void pollOfChanges(Reader reader, Cost cost) throws Exception {
        change(value.equals("on") ? "off" : "on");
        cost.add(reader, reader::poll);
        if (!reader.value(Backend.key(0)).equals(value)) {
            throw new IllegalStateException("a poll has not brought what has changed");
        }
    }

    private void change(String next) throws Exception {
        backend.change(next);
        value = next;
    }

    /** The bytes that a call reads, apart from the timing, so that the counting costs what is timed nothing. */
    private OptionalLong bytes(Cost.Call call) throws Exception {
        OptionalLong before = backend.bytesRead();
        OptionalLong again = backend.bytesRead();
        call.run();
        OptionalLong after = backend.bytesRead();
        // What the look at the count has read itself is taken off.
        return before.isEmpty()
                ? before
                : OptionalLong.of(after.getAsLong() - 2 * again.getAsLong() + before.getAsLong());
    }
}
