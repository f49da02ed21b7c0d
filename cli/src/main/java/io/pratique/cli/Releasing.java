package io.pratique.cli;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.LockHeldException;
import io.pratique.release.PostgresReleaseLock;
import io.pratique.release.Release;
import io.pratique.release.ReleaseHistory;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.ReleaseReport;
import io.pratique.release.UnfinishedReleaseException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Brings a release to its end, and tells what came of it and how to go on. */
final class Releasing {

    private final PlanOptions options;
    private final LockOptions lock;
    private final Telling telling;
    private final StopOnSignal signal;

    Releasing(PlanOptions options, LockOptions lock, Telling telling, StopOnSignal signal) {
        this.options = options;
        this.lock = lock;
        this.telling = telling;
        this.signal = signal;
    }

    /** What is done with a release. */
    private enum Way {
        RUN,
        RESUME,
        ROLL_BACK
    }

    @FunctionalInterface
    private interface Work {
        ReleaseReport with(Release release) throws IOException, InterruptedException;
    }

    int run(String version) throws IOException, InterruptedException {
        try (ReleasePlan plan = options.plan()) {
            return end(plan, version, Way.RUN, Release::run);
        }
    }

    int resume() throws IOException, InterruptedException {
        try (ReleasePlan plan = options.plan()) {
            ReleaseRecord begun = history(plan).underWay();
            return end(plan, version("resume", begun, plan), Way.RESUME, Release::resume);
        }
    }

    int rollBack(String reason) throws IOException, InterruptedException {
        try (ReleasePlan plan = options.plan()) {
            ReleaseHistory history = history(plan);
            ReleaseRecord begun = history.underWay() == null ? history.current() : history.underWay();
            return end(plan, version("roll back", begun, plan), Way.ROLL_BACK, release -> release.rollBack(reason));
        }
    }

    private static ReleaseHistory history(ReleasePlan plan) throws IOException {
        return ReleaseHistory.in(plan.place().directory());
    }

    private static String version(String what, @Nullable ReleaseRecord found, ReleasePlan plan) {
        if (found == null) {
            throw new IllegalStateException(
                    "there is no release to " + what + " in \"" + plan.place().directory() + "\"");
        }
        return found.version();
    }

    private int end(ReleasePlan plan, String version, Way way, Work work) throws IOException, InterruptedException {
        Release.Builder builder = lock.refine(plan.of(version)).log(telling::say);
        if (builder.lock() instanceof PostgresReleaseLock postgres) {
            postgres.createTables();
        }
        Release release = builder.build();
        Path directory = Objects.requireNonNull(builder.directory());
        signal.stopBy(release::stop);
        ReleaseEnd end;
        try {
            end = end(way, work.with(release), directory);
        } catch (LockHeldException held) {
            telling.sayAside("pratique: " + held.getMessage());
            end = none(version, "LOCK_HELD", ReleaseExitCode.LOCK_HELD, List.of(), held, words("lock status"));
        } catch (UnfinishedReleaseException unfinished) {
            telling.sayAside("pratique: " + unfinished.getMessage());
            end = none(version, "UNFINISHED", ReleaseExitCode.INCONCLUSIVE, null, unfinished, words("release resume"));
        }
        telling.print(end.toText(), end.toJson());
        return end.exitCode();
    }

    private static ReleaseEnd none(
            String version,
            String outcome,
            int exitCode,
            @Nullable List<String> changed,
            Exception reason,
            List<String> next) {
        return new ReleaseEnd(version, outcome, exitCode, reason.getMessage(), changed, null, next);
    }

    private ReleaseEnd end(Way way, ReleaseReport report, Path directory) {
        Path journal = report.journal();
        // Of a version that is the current one already, nothing was begun.
        boolean begun = journal != null && !(report.outcome() == ReleaseOutcome.DONE && report.reason() != null);
        ReleaseRecord record = begun ? record(report, directory) : null;
        return new ReleaseEnd(
                report.version(),
                report.outcome().name(),
                exitCode(way, report.outcome()),
                report.reason(),
                record == null ? changed(begun, report.outcome()) : record.changes(),
                journal,
                next(way, report, record));
    }

    /** What the outcome alone tells; null if that is not enough. */
    private static @Nullable List<String> changed(boolean begun, ReleaseOutcome outcome) {
        return switch (outcome) {
            case ROLLED_BACK, NOTHING_CHANGED, INTERRUPTED -> List.of();
            case DONE, ROLLBACK_FAILED, INCONCLUSIVE -> begun ? null : List.of();
        };
    }

    /** Null if it cannot be read, such as when the journal of another release was changed: this one has ended all the same. */
    private @Nullable ReleaseRecord record(ReleaseReport report, Path directory) {
        try {
            return ReleaseHistory.in(directory).releases().stream()
                    .filter(release -> release.journal().equals(report.journal())
                            && release.version().equals(report.version()))
                    .findFirst()
                    .orElse(null);
        } catch (IOException | IllegalArgumentException unreadable) {
            telling.sayAside("pratique: " + FlagText.printable(String.valueOf(unreadable.getMessage()), 2_000));
            return null;
        }
    }

    /** Whoever asks for a rollback and gets it has what he wants. */
    private static int exitCode(Way way, ReleaseOutcome outcome) {
        boolean undone = outcome == ReleaseOutcome.ROLLED_BACK || outcome == ReleaseOutcome.NOTHING_CHANGED;
        return way == Way.ROLL_BACK && undone ? ReleaseExitCode.OK : outcome.exitCode();
    }

    private List<String> next(Way way, ReleaseReport report, @Nullable ReleaseRecord record) {
        return switch (report.outcome()) {
            case DONE -> words("release status");
            case ROLLED_BACK -> record == null ? words("release report") : words("release report", record.id());
            case NOTHING_CHANGED -> words("release check", "--version", report.version());
            case INTERRUPTED -> words("release run", "--version", report.version());
            case ROLLBACK_FAILED -> words("release rollback", "--reason", "what could not be undone was mended");
            case INCONCLUSIVE ->
                way == Way.RUN
                        ? words("release resume")
                        : words("release rollback", "--reason", "it is not known how much was changed");
        };
    }

    /** A command about the same releases. */
    private List<String> words(String command, String... more) {
        List<String> words = new ArrayList<>(List.of("pratique"));
        words.addAll(List.of(command.split(" ")));
        words.addAll(List.of(more));
        words.addAll(options.words());
        return words;
    }
}
