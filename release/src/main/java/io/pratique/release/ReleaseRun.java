package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.JournalEntry.Event;
import io.pratique.release.StepRecord.Part;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
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
    private final StepLog log;
    private @Nullable ReleaseOutcome outcome;
    private boolean toldToStop;

    ReleaseRun(
            List<Step> plan,
            Journal journal,
            Lease lease,
            StepThread thread,
            StepTelling.Surroundings surroundings,
            InstantSource clock,
            StepLog log) {
        this.plan = plan;
        this.journal = journal;
        this.progress = Progress.of(plan, journal.entries());
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
            runWhateverHappens(StepKind::isLast);
            requireLease("its end");
            append(Event.END, null, null, end.name());
            return new Result(end, reason);
        } catch (Doubt doubt) {
            return new Result(ReleaseOutcome.INCONCLUSIVE, doubt.getMessage());
        }
    }

    /** Why the release has failed; null if it has not. */
    private @Nullable String forward() throws Doubt {
        for (Step step : plan) {
            String failure = step.kind().isForward() ? forward(step) : null;
            if (failure != null) {
                return "step \"" + step.name() + "\" failed: " + failure;
            }
        }
        return null;
    }

    private @Nullable String forward(Step step) throws Doubt {
        if (step.kind() != StepKind.CHANGE) {
            return perform(step, Part.ACTION);
        }
        if (progress.last(step, Part.ACTION) == Event.INTENT) {
            ChangeState state = ask(step);
            if (state == ChangeState.UNKNOWN) {
                throw new Doubt("nobody can tell how much of change \"" + step.name() + "\" was made before the crash");
            }
            if (state == ChangeState.NEW) {
                append(Event.SUCCESS, step, Part.ACTION, "was made before the crash");
            }
        }
        String failure = perform(step, Part.ACTION);
        return failure == null ? perform(step, Part.VERIFICATION) : failure;
    }

    private ReleaseOutcome undone(String reason) throws Doubt {
        if (progress.rollbackReason() == null) {
            requireLease("the rollback");
            append(Event.ROLLBACK, null, null, reason);
        }
        ReleaseOutcome stopped = toldToStop ? ReleaseOutcome.INTERRUPTED : null;
        if (plan.stream().noneMatch(progress::wasBegunAsChange)) {
            return stopped == null ? ReleaseOutcome.NOTHING_CHANGED : stopped;
        }
        log.say("[ROLLBACK] " + reason);
        List<Step> newestFirst = new ArrayList<>(plan);
        Collections.reverse(newestFirst);
        for (Step change : newestFirst) {
            leaveOutIfNothingIsThere(change);
        }
        runWhateverHappens(kind -> kind == StepKind.FORENSICS);
        boolean whole = all(newestFirst, Part.ROLLBACK_CHECK, progress::mayBeMade)
                && all(newestFirst, Part.COMPENSATION, progress::mayBeMade)
                && all(plan, Part.ROLLBACK_VERIFICATION, progress::wasUndone);
        if (!whole) {
            return ReleaseOutcome.ROLLBACK_FAILED;
        }
        return stopped == null ? ReleaseOutcome.ROLLED_BACK : stopped;
    }

    /** A change in doubt, of which nothing is there, needs no undoing. */
    private void leaveOutIfNothingIsThere(Step change) throws Doubt {
        boolean inDoubt = progress.mayBeMade(change)
                && (!progress.succeeded(change, Part.ACTION)
                        || progress.last(change, Part.COMPENSATION) == Event.INTENT);
        if (inDoubt && ask(change) == ChangeState.OLD) {
            append(Event.SUCCESS, change, Part.COMPENSATION, "nothing of it was there");
        }
    }

    /** Goes on past one that fails. Whether none has. */
    private boolean all(List<Step> changes, Part part, Predicate<Step> concerned) throws Doubt {
        boolean whole = true;
        for (Step change : changes) {
            if (concerned.test(change) && change.has(part) && !progress.succeeded(change, part)) {
                whole &= attempt(change, part) == null;
            }
        }
        return whole;
    }

    private ChangeState ask(Step change) throws Doubt {
        try {
            ChangeState state = thread.run(change, false, () -> change.probe().probe(telling()));
            return state == null ? ChangeState.UNKNOWN : state;
        } catch (StepFailure e) {
            log.failed(change, "probe", e);
            return ChangeState.UNKNOWN;
        }
    }

    /** Whatever becomes of these, it changes nothing about the release. */
    private void runWhateverHappens(Predicate<StepKind> which) {
        for (Step step : plan) {
            if (which.test(step.kind()) && !progress.succeeded(step, Part.ACTION)) {
                String failure = null;
                try {
                    failure = progress.failure(step, Part.ACTION) == null ? attempt(step, Part.ACTION) : null;
                } catch (Doubt doubt) {
                    failure = doubt.getMessage();
                }
                if (failure != null) {
                    log.say("Step \"" + step.name() + "\" failed, which changes nothing: " + failure);
                }
            }
        }
    }

    /** Does a part of a step unless it was done. Gives why it has failed, or null. */
    private @Nullable String perform(Step step, Part part) throws Doubt {
        if (progress.succeeded(step, part)) {
            return null;
        }
        String known = progress.failure(step, part);
        if (known != null) {
            return known;
        }
        String failure = thread.isStopped() ? "the release was told to stop" : attempt(step, part);
        toldToStop |= failure != null && thread.isStopped();
        return failure;
    }

    private @Nullable String attempt(Step step, Part part) throws Doubt {
        requireLease("step \"" + step.name() + "\"");
        boolean undoing = part.isOfRollback();
        try {
            append(Event.INTENT, step, part, "");
        } catch (Doubt unwritten) {
            if (undoing) {
                throw unwritten;
            }
            // Nothing was begun. What is given up for this is wanted for undoing what was made before.
            return unwritten.getMessage();
        }
        StepLog.Line line = log.begin(plan.indexOf(step) + 1, plan.size(), step, part);
        StepTelling telling = telling();
        StepFailure failure = null;
        try {
            thread.run(step, !undoing && step.kind().isForward(), () -> {
                step.action(part).run(telling);
                return telling;
            });
        } catch (StepFailure e) {
            failure = e;
        }
        String said = failure == null ? telling.told() : failure.getMessage() + telling.shown();
        boolean left = failure != null && leavesInDoubt(step, part, failure);
        if (!left) {
            append(failure == null ? Event.SUCCESS : Event.FAILURE, step, part, said);
        }
        line.end(said, failure);
        if (left) {
            throw new Doubt("step \"" + step.name() + "\"" + part.shown() + ", cannot tell: " + said);
        }
        return failure == null ? null : said;
    }

    /** Who cannot tell leaves all as it is. Nothing is written of that, so whoever resumes asks again. */
    private boolean leavesInDoubt(Step step, Part part, StepFailure failure) {
        return failure.getCause() instanceof InconclusiveException
                && !thread.isStopped()
                && step.kind().isForward()
                && part != Part.COMPENSATION
                && plan.stream().anyMatch(progress::wasBegunAsChange);
    }

    private void requireLease(String before) throws Doubt {
        if (!lease.isHeld()) {
            throw new Doubt("the lock was lost before " + before + ", and another release may be running");
        }
    }

    private StepTelling telling() {
        return new StepTelling(surroundings, lease.token(), outcome, progress.rollbackReason());
    }

    private void append(Event event, @Nullable Step step, @Nullable Part part, @Nullable String detail) throws Doubt {
        JournalEntry entry = new JournalEntry(
                clock.instant(),
                event,
                step == null ? null : step.name(),
                part,
                FlagText.printable(detail == null ? "" : detail, 2_000));
        boolean begins = event == Event.INTENT && part != null && !part.isOfRollback();
        try {
            journal.append(entry, !begins);
        } catch (IOException e) {
            throw new Doubt("the journal cannot be written: " + FlagText.printable(e) + "; is the disk full?", e);
        }
        progress.add(entry);
    }
}
