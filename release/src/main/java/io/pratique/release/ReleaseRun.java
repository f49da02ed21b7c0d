package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.JournalEntry.Event;
import io.pratique.release.JournalEntry.Part;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings a release to its end, from wherever its journal says it is. The same code begins a release, resumes it and rolls
 * it back: what the journal tells of is not done again.
 */
final class ReleaseRun {

    private final List<Step> plan;
    private final Journal journal;
    private final Progress progress;
    private final Lease lease;
    private final StepThread thread;
    private final StepTelling.Surroundings surroundings;
    private final InstantSource clock;
    private final Consumer<String> log;
    private @Nullable ReleaseOutcome outcome;

    ReleaseRun(
            List<Step> plan,
            Journal journal,
            Lease lease,
            StepThread thread,
            StepTelling.Surroundings surroundings,
            InstantSource clock,
            Consumer<String> log) {
        this.plan = plan;
        this.journal = journal;
        this.progress = Progress.of(journal.entries());
        this.lease = lease;
        this.thread = thread;
        this.surroundings = surroundings;
        this.clock = clock;
        this.log = log;
    }

    /** Why a release ended as it did. */
    record Result(ReleaseOutcome outcome, @Nullable String reason) {}

    /**
     * Goes on to the end.
     *
     * @param giveUp why the changes are to be undone whatever the journal says; null if they are not
     */
    Result toTheEnd(@Nullable String giveUp) {
        try {
            String reason = progress.rollbackReason() == null ? giveUp : progress.rollbackReason();
            if (reason == null) {
                reason = forward();
            }
            ReleaseOutcome end = reason == null ? ReleaseOutcome.DONE : undone(reason);
            outcome = end;
            close();
            append(Event.END, null, null, end.name());
            return new Result(end, reason);
        } catch (Doubt doubt) {
            return new Result(ReleaseOutcome.INCONCLUSIVE, doubt.getMessage());
        }
    }

    /** Why the release has failed; null if it has not. */
    private @Nullable String forward() throws Doubt {
        for (Step step : plan) {
            if (!step.kind().isLast()) {
                String failure = forward(step);
                if (failure != null) {
                    return "step \"" + step.name() + "\" failed: " + failure;
                }
            }
        }
        return null;
    }

    private @Nullable String forward(Step step) throws Doubt {
        if (step.kind() == StepKind.CHANGE && progress.last(step, Part.ACTION) == Event.INTENT) {
            ChangeState state = ask(step);
            if (state == ChangeState.UNKNOWN) {
                throw new Doubt("nobody can tell how much of change \"" + step.name() + "\" was made before the crash");
            }
            if (state == ChangeState.NEW) {
                append(Event.SUCCESS, step, Part.ACTION, "was made before the crash");
            }
        }
        String failure = perform(step, Part.ACTION, step.action());
        return failure == null && step.kind() == StepKind.CHANGE
                ? perform(step, Part.VERIFICATION, step.verification())
                : failure;
    }

    private ReleaseOutcome undone(String reason) throws Doubt {
        if (plan.stream().noneMatch(step -> step.kind() == StepKind.CHANGE && progress.wasBegun(step))) {
            return thread.isStopped() ? ReleaseOutcome.INTERRUPTED : ReleaseOutcome.NOTHING_CHANGED;
        }
        if (progress.rollbackReason() == null) {
            append(Event.ROLLBACK, null, null, reason);
        }
        log.accept("[ROLLBACK] " + reason);
        boolean whole = true;
        for (int i = plan.size() - 1; i >= 0; i--) {
            Step step = plan.get(i);
            if (step.kind() == StepKind.CHANGE && progress.mayBeMade(step)) {
                whole &= undo(step);
            }
        }
        if (!whole) {
            return ReleaseOutcome.ROLLBACK_FAILED;
        }
        return thread.isStopped() ? ReleaseOutcome.INTERRUPTED : ReleaseOutcome.ROLLED_BACK;
    }

    /** Whether nothing is left of a change. */
    private boolean undo(Step change) throws Doubt {
        boolean inDoubt =
                !progress.succeeded(change, Part.ACTION) || progress.last(change, Part.COMPENSATION) == Event.INTENT;
        if (inDoubt && ask(change) == ChangeState.OLD) {
            append(Event.SUCCESS, change, Part.COMPENSATION, "nothing of it was there");
            return true;
        }
        return attempt(change, Part.COMPENSATION, change.compensation()) == null;
    }

    private ChangeState ask(Step change) throws Doubt {
        try {
            ChangeState state = thread.run(change, false, () -> change.probe().probe(telling()));
            return state == null ? ChangeState.UNKNOWN : state;
        } catch (StepFailure e) {
            log.accept("Change \"" + change.name() + "\" does not tell how much of it was made: " + e.getMessage());
            return ChangeState.UNKNOWN;
        }
    }

    /** What runs last, whatever became of the release. */
    private void close() throws Doubt {
        for (Step step : plan) {
            if (step.kind().isLast() && progress.failure(step, Part.ACTION) == null) {
                String failure =
                        progress.succeeded(step, Part.ACTION) ? null : attempt(step, Part.ACTION, step.action());
                if (failure != null) {
                    log.accept("Step \"" + step.name() + "\" failed, which changes nothing: " + failure);
                }
            }
        }
    }

    /** Does a part of a step unless it was done. Gives why it has failed, or null. */
    private @Nullable String perform(Step step, Part part, StepAction action) throws Doubt {
        if (progress.succeeded(step, part)) {
            return null;
        }
        String failure = progress.failure(step, part);
        if (failure != null) {
            return failure;
        }
        return thread.isStopped() ? "the release was told to stop" : attempt(step, part, action);
    }

    private @Nullable String attempt(Step step, Part part, StepAction action) throws Doubt {
        boolean changes = part == Part.COMPENSATION || (part == Part.ACTION && step.kind() == StepKind.CHANGE);
        if (changes && !lease.isHeld()) {
            throw new Doubt(
                    "the lock was lost before step \"" + step.name() + "\", and another release may be running");
        }
        append(Event.INTENT, step, part, "");
        String shown = "[STEP " + (plan.indexOf(step) + 1) + "/" + plan.size() + "] " + step.name() + shown(part);
        log.accept(shown + " ...");
        long start = System.nanoTime();
        StepTelling telling = telling();
        String failure = null;
        try {
            boolean stoppable = part != Part.COMPENSATION && !step.kind().isLast();
            thread.run(step, stoppable, () -> {
                action.run(telling);
                return telling;
            });
        } catch (StepFailure e) {
            failure = e.getMessage();
        }
        Duration took = Duration.ofMillis((System.nanoTime() - start) / 1_000_000);
        append(failure == null ? Event.SUCCESS : Event.FAILURE, step, part, failure == null ? telling.told() : failure);
        log.accept(shown + (failure == null ? " done" : " FAILED") + " in " + took.toMillis() / 1000.0 + " s"
                + (failure == null ? telling.shown() : ": " + failure));
        return failure;
    }

    private static String shown(Part part) {
        return switch (part) {
            case ACTION -> "";
            case VERIFICATION -> ", verification";
            case COMPENSATION -> ", compensation";
        };
    }

    private StepTelling telling() {
        return new StepTelling(surroundings, lease.token(), outcome);
    }

    private void append(Event event, @Nullable Step step, @Nullable Part part, @Nullable String detail) throws Doubt {
        JournalEntry entry = new JournalEntry(
                clock.instant(),
                event,
                step == null ? null : step.name(),
                part,
                FlagText.printable(detail == null ? "" : detail, 2_000));
        try {
            journal.append(entry);
        } catch (IOException e) {
            throw new Doubt("the journal cannot be written: " + FlagText.printable(e) + "; is the disk full?", e);
        }
        progress.add(entry);
    }
}
