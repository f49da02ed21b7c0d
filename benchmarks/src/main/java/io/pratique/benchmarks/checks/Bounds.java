package io.pratique.benchmarks.checks;

import io.pratique.benchmarks.checks.DisturbedChecks.Doing;
import io.pratique.benchmarks.checks.Forks.Fork;
import io.pratique.benchmarks.checks.Forks.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.runner.RunnerException;

/**
 * What a check may cost at most, as a multiple of a reference that runs directly before it, and again directly after it:
 * what the reference shows against itself is noise.
 */
final class Bounds {

    private static final int FLAGS = 100;
    private static final String HANDLE = "handle";
    private static final String LITERAL = "clientLiteral";
    private static final String SHOULD_RUN = "shouldRunLiteral";

    private final Forks forks;
    private final int rounds;

    Bounds(Forks forks, int rounds) {
        this.forks = forks;
        this.rounds = rounds;
    }

    private enum Kind {
        /** At most so many times the reference. */
        RATIO,
        /** At most so many nanoseconds more than the reference. */
        MORE_NANOS,
        /** A multiple that is no worse than the worst of the reference as a multiple of itself. */
        NOISE
    }

    private record Bound(String label, Subject reference, Subject subject, Kind kind, double limit) {

        double compare(Fork fork, Fork with) {
            return kind == Kind.MORE_NANOS ? fork.nanos() - with.nanos() : fork.nanos() / with.nanos();
        }

        boolean holds(Sample shown, Sample control) {
            return shown.median() <= (kind == Kind.NOISE ? control.max() : limit);
        }

        String limitShown() {
            return switch (kind) {
                case RATIO -> String.format(Locale.ROOT, "%.2f x", limit);
                case MORE_NANOS -> String.format(Locale.ROOT, "+%.1f ns", limit);
                case NOISE -> "noise";
            };
        }
    }

    /** The forks of one round. */
    private record Round(Fork reference, Fork subject, Fork control) {}

    private static List<Bound> bounds() {
        List<Bound> bounds = new ArrayList<>();
        Subject volatileRead = floor("volatileRead");
        Subject other = floor("hashMapOther");
        bounds.add(new Bound("handle; volatile read", volatileRead, flags(HANDLE, 1), Kind.MORE_NANOS, 0.5));
        bounds.add(new Bound("client, literal; HashMap", other, flags(LITERAL, 1), Kind.RATIO, 0.5));
        bounds.add(new Bound("client, other; HashMap", other, flags("clientOther", 1), Kind.RATIO, 1.25));
        bounds.add(new Bound(
                "client, varying; HashMap", floor("hashMapVarying"), flags("clientVarying", 1), Kind.RATIO, 1.25));
        bounds.add(
                new Bound("Flags, literal; client", flags(LITERAL, 1), flags("flagsLiteral", 1), Kind.MORE_NANOS, 2));
        bounds.add(
                new Bound("Flags, other; client", flags("clientOther", 1), flags("flagsOther", 1), Kind.MORE_NANOS, 2));
        bounds.add(new Bound("shouldRun, literal; HashMap", other, gate(SHOULD_RUN, 1), Kind.RATIO, 2));
        bounds.add(new Bound("shouldRun, other; HashMap", other, gate("shouldRunOther", 1), Kind.RATIO, 2));
        bounds.add(twoThreads("HashMap", other));
        bounds.add(twoThreads(HANDLE, flags(HANDLE, 1)));
        bounds.add(twoThreads("client, literal", flags(LITERAL, 1)));
        bounds.add(twoThreads("client, other", flags("clientOther", 1)));
        bounds.add(twoThreads("shouldRun, literal", gate(SHOULD_RUN, 1)));
        for (Doing doing : List.of(Doing.HANGS, Doing.FAILS, Doing.REFRESHES)) {
            bounds.add(disturbed(HANDLE, HANDLE, doing));
            bounds.add(disturbed("client, literal", LITERAL, doing));
            bounds.add(disturbed("client, other", "clientOther", doing));
            bounds.add(disturbed("shouldRun, literal", SHOULD_RUN, doing));
        }
        return bounds;
    }

    private static Subject floor(String method) {
        return new Subject(Floors.class, method, 1, FLAGS);
    }

    private static Subject flags(String method, int threads) {
        return new Subject(FlagChecks.class, method, threads, FLAGS);
    }

    private static Subject gate(String method, int threads) {
        return new Subject(GateChecks.class, method, threads, FLAGS);
    }

    private static Bound twoThreads(String label, Subject one) {
        Subject two = new Subject(one.benchmark(), 2, one.parameters());
        return new Bound("two threads, " + label + "; one thread", one, two, Kind.NOISE, Double.NaN);
    }

    private static Bound disturbed(String label, String method, Doing doing) {
        return new Bound(
                "source " + doing.name().toLowerCase(Locale.ROOT) + ", " + label + "; quiet",
                disturbed(method, Doing.QUIET),
                disturbed(method, doing),
                Kind.NOISE,
                Double.NaN);
    }

    private static Subject disturbed(String method, Doing doing) {
        return new Subject(DisturbedChecks.class.getSimpleName() + "." + method, 1, Map.of("source", doing.name()));
    }

    void print(String part) throws RunnerException {
        List<Bound> chosen =
                bounds().stream().filter(bound -> bound.label().contains(part)).toList();
        List<List<Round>> measured =
                chosen.stream().<List<Round>>map(bound -> new ArrayList<>()).toList();
        for (int round = 1; round <= rounds; round++) {
            System.err.printf("round %d of %d%n", round, rounds);
            for (int i = 0; i < chosen.size(); i++) {
                Bound bound = chosen.get(i);
                measured.get(i)
                        .add(new Round(
                                forks.run(bound.reference()),
                                forks.run(bound.subject()),
                                forks.run(bound.reference())));
            }
        }
        System.out.println();
        System.out.printf(
                Locale.ROOT,
                "%-46s %8s %8s %8s %15s %8s %15s %5s %6s %s%n",
                "what; compared with which reference",
                "ns/op",
                "bound",
                "median",
                "min..max",
                "control",
                "min..max",
                "B/op",
                "waits",
                "bound is");
        for (int i = 0; i < chosen.size(); i++) {
            System.out.println(line(chosen.get(i), measured.get(i)));
        }
    }

    private static String line(Bound bound, List<Round> measured) {
        Sample nanos = sample(measured, round -> round.subject().nanos());
        Sample shown = sample(measured, round -> bound.compare(round.subject(), round.reference()));
        Sample control = sample(measured, round -> bound.compare(round.control(), round.reference()));
        double waits = sample(measured, round -> round.subject().waits()).max();
        return String.format(
                Locale.ROOT,
                "%-46s %8.2f %8s %8.2f %15s %8.2f %15s %5.0f %6s %s",
                bound.label(),
                nanos.median(),
                bound.limitShown(),
                shown.median(),
                spread(shown),
                control.median(),
                spread(control),
                sample(measured, round -> round.subject().bytes()).median(),
                Double.isNaN(waits) ? "-" : String.format(Locale.ROOT, "%.0f", waits),
                bound.holds(shown, control) ? "held" : "MISSED");
    }

    private static Sample sample(List<Round> measured, ToDoubleFunction<Round> of) {
        return new Sample(measured.stream().map(of::applyAsDouble).toList());
    }

    private static String spread(Sample sample) {
        return String.format(Locale.ROOT, "%.2f..%.2f", sample.min(), sample.max());
    }
}
