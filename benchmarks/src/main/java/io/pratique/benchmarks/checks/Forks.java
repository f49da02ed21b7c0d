package io.pratique.benchmarks.checks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs one fork at a time, so that what is to be compared runs in turn: on a machine that others use too, a fork an hour
 * later tells little.
 */
final class Forks {

    private static final int WARM_UPS = 3;
    private static final int WARM_UP_MILLIS = 500;
    private static final int ITERATIONS = 5;

    private final int iterationMillis;
    private final List<RunResult> results = new ArrayList<>();

    Forks(int iterationMillis) {
        this.iterationMillis = iterationMillis;
    }

    /**
     * What is measured.
     *
     * @param benchmark the class and the method
     * @param threads how many at once
     * @param parameters by name
     */
    record Subject(String benchmark, int threads, Map<String, String> parameters) {

        Subject(Class<?> of, String method, int threads, int flags) {
            this(of, method, threads, Map.of("flags", Integer.toString(flags)));
        }

        Subject(Class<?> of, String method, int threads, Map<String, String> parameters) {
            this(of.getSimpleName() + "." + method, threads, parameters);
        }
    }

    /**
     * What a fork showed.
     *
     * @param nanos a call's time on one thread, the median of the iterations
     * @param bytes allocated by a call
     * @param waits how often the measuring thread was blocked or waited, if that was counted
     */
    record Fork(double nanos, double bytes, double waits) {}

    Fork run(Subject subject) throws RunnerException {
        String name = Forks.class.getPackageName() + "." + subject.benchmark();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(name) + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(1)
                .threads(subject.threads())
                .warmupIterations(WARM_UPS)
                .warmupTime(TimeValue.milliseconds(Math.min(WARM_UP_MILLIS, iterationMillis)))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.milliseconds(iterationMillis))
                .jvmArgs("-Xms1g", "-Xmx1g")
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        subject.parameters().forEach(options::param);
        RunResult result = new Runner(options.build()).runSingle();
        results.add(result);
        return new Fork(nanos(result), secondary(result, "gc.alloc.rate.norm"), secondary(result, "waits"));
    }

    private static double nanos(RunResult result) {
        Collection<BenchmarkResult> forks = result.getBenchmarkResults();
        return new Sample(forks.stream()
                        .flatMap(fork -> fork.getIterationResults().stream())
                        .map(iteration -> iteration.getPrimaryResult().getScore())
                        .toList())
                .median();
    }

    private static double secondary(RunResult result, String name) {
        Result<?> found = result.getSecondaryResults().get(name);
        return found == null ? Double.NaN : found.getScore();
    }

    /** Writes all that was run, in that order, in the format of JMH. */
    Path write(String name) throws IOException {
        Path file = target().resolve(name);
        try (PrintStream out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
        }
        return file;
    }

    private static Path target() {
        return classesOf(Forks.class).resolveSibling(".").normalize();
    }

    /** The name of the jar that a class is from, which tells its version. */
    static String jar(Class<?> type) {
        return classesOf(type).getFileName().toString().replace(".jar", "");
    }

    private static Path classesOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("cannot tell where " + type + " is from", e);
        }
    }
}
