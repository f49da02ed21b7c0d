package io.pratique.benchmarks.checks;

import java.io.IOException;
import java.util.Locale;
import org.openjdk.jmh.runner.Runner;

/** What a gate's answers cost with few and with many jobs and dependencies, beside the look-up of as many answers. */
public final class GateScale {

    private static final int[] JOBS = {5, 50, 500};

    private GateScale() {}

    /**
     * Measures and prints.
     *
     * @param args the number of forks of each, 3 if left out; the milliseconds of an iteration, 200 if left out
     * @throws IOException if the forks cannot be written down
     */
    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int millis = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        System.out.printf(
                Locale.ROOT,
                "%d forks of each in turn, %d processors, Java %s, %s%n",
                rounds,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                Forks.jar(Runner.class));
        Forks forks = new Forks(millis);
        Matrix matrix = new Matrix(forks, rounds);
        for (int jobs : JOBS) {
            matrix.printGate(jobs);
        }
        System.err.println("Every fork: " + forks.write("checks-gate.json"));
    }
}
