package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.JournalEntry.Event;
import io.pratique.release.JournalEntry.Header;
import io.pratique.release.ReleaseRun.Result;
import io.pratique.release.StepTelling.Surroundings;
import io.pratique.release.io.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A release: steps that are written down before and after each, so that it is done in whole or undone in whole, whatever
 * becomes of the process that runs it.
 *
 * <pre>{@code
 * ReleaseReport report = Release.named("v1.2.4")
 *         .directory(Path.of("/var/lib/worker/releases"))
 *         .step(Step.check("configuration", context -> schema.validate(environment).orThrow()))
 *         .step(Step.protect("backup", backup))
 *         .step(Step.change("migrate", this::migrate).compensation(..).verification(..).probe(..))
 *         .build()
 *         .run();
 * }</pre>
 *
 * <p>Checks, protections and changes run in their order. What fails before the first change ends the release; what fails
 * after that has the changes undone, the newest first, going on past one that cannot be. Cleanups and notifications run
 * last, whatever became of it, and change nothing about that. After a crash, and when nobody can tell how much of a
 * change was made, no other release begins until this one was {@linkplain #resume resumed} or {@linkplain #rollBack
 * rolled back}.
 *
 * <p>Instances are immutable but for {@link #stop}, and all methods may be called by any thread. Whoever calls {@link
 * #run}, {@link #resume} or {@link #rollBack} holds the lock until the end, and, if a step goes on that was interrupted,
 * until the end of that step.
 */
public final class Release {

    private static final Logger LOG = LoggerFactory.getLogger(Release.class);

    private final String version;
    private final List<Step> plan;
    private final ReleaseDirectory directory;
    private final String holder;
    private final Holding holding;
    private final Duration patience;
    private final InstantSource clock;
    private final StepLog log;
    private final Consumer<ReleaseReport> afterwards;

    private Release(Builder builder, Path directory) {
        this.version = builder.version;
        this.plan = List.copyOf(builder.steps);
        this.directory = new ReleaseDirectory(directory);
        this.holder = builder.holder;
        this.holding = new Holding(
                builder.lock == null ? FileReleaseLock.in(directory) : builder.lock,
                builder.holder,
                builder.wait,
                builder.patience);
        this.patience = builder.patience;
        this.clock = builder.clock;
        this.log = new StepLog(builder.log);
        this.afterwards = builder.afterwards;
    }

    /**
     * Starts to plan a release.
     *
     * @param version what is released, such as {@code v1.2.4}
     * @return a builder without steps
     * @throws IllegalArgumentException if it is none
     */
    public static Builder named(String version) {
        return new Builder(version);
    }

    /**
     * The steps in their order.
     *
     * @return at least one
     */
    public List<Step> plan() {
        return plan;
    }

    /**
     * Runs the checks that stand before the first change, up to one that fails, and nothing else: no lock is taken, no
     * journal is written. It goes on for as long as they do.
     *
     * @return what they say
     * @throws InterruptedException if the thread is interrupted
     */
    public ReadinessReport check() throws InterruptedException {
        return new Rehearsal(version, plan, patience, directory, log).report();
    }

    /**
     * Releases. A version that is there already is left as it is.
     *
     * @return what became of it
     * @throws LockHeldException if another release runs, and goes on for longer than this one waits
     * @throws UnfinishedReleaseException if a release is neither done nor undone
     * @throws IllegalArgumentException if a journal is there that cannot be read
     * @throws IOException if nothing can be begun
     * @throws InterruptedException if the thread is interrupted while it waits for the lock; later, an interrupt {@linkplain
     *     #stop stops} the release
     */
    public ReleaseReport run() throws IOException, InterruptedException {
        return holding((lease, thread) -> {
            directory.requireNoneUnderWay();
            Past past = directory.past();
            ReleaseRecord current = past.current();
            String previous = current == null ? null : current.version();
            if (current != null && version.equals(previous)) {
                return new ReleaseReport(
                        version, ReleaseOutcome.DONE, "it is the current version already", current.journal());
            }
            Header header = new Header(clock.instant(), past.nextNumber(), version, previous, lease.token(), steps());
            Path files = directory.filesOf(header);
            return toTheEnd(Journal.begin(directory.journalFile(), header), files, lease, thread, null);
        });
    }

    /**
     * Goes on with this release where a crash or a doubt has ended it.
     *
     * @return what became of it
     * @throws LockHeldException as {@link #run} does
     * @throws IllegalStateException if there is nothing to resume, or it is another release or plan
     * @throws IOException if nothing can be begun
     * @throws InterruptedException as {@link #run} does
     */
    public ReleaseReport resume() throws IOException, InterruptedException {
        return holding((lease, thread) -> resumed(directory.reopened("resume", version, steps()), lease, thread, null));
    }

    /**
     * Undoes this release: one that was ended by a crash or a doubt, or the one that was done last.
     *
     * @param reason why, for whoever reads the journal
     * @return what became of it
     * @throws LockHeldException as {@link #run} does
     * @throws IllegalStateException if there is nothing to undo, or it is another release or plan
     * @throws IOException if nothing can be begun
     * @throws InterruptedException as {@link #run} does
     */
    public ReleaseReport rollBack(String reason) throws IOException, InterruptedException {
        if (reason == null || reason.isBlank()) {
            throw new IllegalArgumentException(
                    "reason of a rollback must not be blank; say why, for who reads the journal");
        }
        // Shown as it is journalled, on one line.
        String why = FlagText.printable(reason, 500);
        return holding((lease, thread) ->
                resumed(directory.reopenedOrLastDone("roll back", version, steps()), lease, thread, why));
    }

    /**
     * Has this release end soon, now and whenever it is run: the step that runs is interrupted, and all changes are
     * undone. A step that goes on in spite of it for longer than the {@linkplain Builder#patience patience} leaves the
     * release in doubt. What is being undone is undone to its end; a release that waits for the lock waits no longer; one
     * whose last step has ended well all the same is done. Returns at once.
     */
    public void stop() {
        holding.stop();
    }

    private ReleaseReport holding(Holding.Work work) throws IOException, InterruptedException {
        LockState other = holding.inTheWay();
        if (other != null && other.isInTheWay()) {
            log.say("[WAIT] " + other);
        }
        ReleaseReport report = holding.of("release " + version, (lease, thread) -> {
            directory.putAwayWhatIsOver();
            return work.with(lease, thread);
        });
        if (report == null) {
            report = new ReleaseReport(
                    version, ReleaseOutcome.INTERRUPTED, "it was told to stop before it had the lock", null);
        }
        tell(report);
        return report;
    }

    /** A release that was interrupted leaves its thread so, and what is told would neither write a file nor wait. */
    private void tell(ReleaseReport report) {
        boolean interrupted = Thread.interrupted();
        try {
            afterwards.accept(report);
        } catch (Throwable thrown) {
            Trouble.warn(LOG, thrown).addKeyValue("release", version).log("Who is told of releases afterwards fails");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<String> steps() {
        return plan.stream().map(Step::toString).toList();
    }

    private ReleaseReport resumed(Journal journal, Lease lease, StepThread thread, @Nullable String giveUp)
            throws IOException {
        try {
            String who = holder + (giveUp == null ? "" : ": " + giveUp);
            journal.append(new JournalEntry(clock.instant(), Event.RESUMED, null, null, who), true);
            return toTheEnd(journal, directory.filesOf(journal.header()), lease, thread, giveUp);
        } finally {
            journal.close();
        }
    }

    private ReleaseReport toTheEnd(Journal journal, Path files, Lease lease, StepThread thread, @Nullable String giveUp)
            throws IOException {
        Header header = journal.header();
        Surroundings surroundings = new Surroundings(
                ReleaseRecord.id(header), version, header.previousVersion(), files, () -> releases(journal));
        try (journal) {
            Result result = new ReleaseRun(plan, journal, lease, thread, surroundings, clock, log).toTheEnd(giveUp);
            directory.mark(result.outcome(), version, result.reason());
            ReleaseReport report = new ReleaseReport(
                    version, result.outcome(), result.reason(), directory.putAway(journal, result.outcome()));
            log.say(report.toString());
            return report;
        }
    }

    private List<ReleaseRecord> releases(Journal journal) {
        List<ReleaseRecord> releases = new ArrayList<>();
        releases.add(ReleaseRecord.of(journal.header(), journal.entries(), directory.journalFile()));
        try {
            releases.addAll(directory.past().releases());
        } catch (IOException e) {
            throw new UncheckedIOException("the journals of the releases before cannot be read: " + e.getMessage(), e);
        }
        return releases;
    }

    /** Plans a release. Used by one thread at a time. */
    public static final class Builder {

        private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,99}");

        private final String version;
        private final List<Step> steps = new ArrayList<>();
        private @Nullable Path directory;
        private @Nullable ReleaseLock lock;
        private String holder = System.getProperty("user.name", "somebody") + ", process "
                + ProcessHandle.current().pid();
        private Duration wait = Duration.ofMinutes(10);
        private Duration patience = Duration.ofSeconds(30);
        private InstantSource clock = InstantSource.system();
        private Consumer<String> log = LOG::info;
        private Consumer<ReleaseReport> afterwards = report -> {};

        private Builder(@Nullable String version) {
            if (version == null || !VERSION.matcher(version).matches()) {
                throw new IllegalArgumentException(
                        "version must be letters, digits, dots, hyphens, underscores and plus signs, 100 at most, but is "
                                + (version == null ? "null" : "\"" + FlagText.printable(version) + "\""));
            }
            this.version = version;
        }

        /**
         * Where the journals are kept, and what steps keep. There is one for all releases of a service.
         *
         * @param directory made when the release is run
         * @return this builder
         * @throws IllegalArgumentException if it is null
         */
        public Builder directory(Path directory) {
            this.directory = given("directory", directory);
            return this;
        }

        /**
         * Where the journals are kept, for who adds to a plan of somebody else's.
         *
         * @return null if it was not set
         */
        public @Nullable Path directory() {
            return directory;
        }

        /**
         * Adds a step.
         *
         * @param step comes after those that were added before
         * @return this builder
         * @throws IllegalArgumentException if it is null, a change that is not whole, of the name of another, or comes too
         *     late: protections come before the first change, cleanups and notifications after all others
         */
        public Builder step(Step step) {
            given("step", step).requireWhole();
            Set<String> names = new HashSet<>();
            steps.forEach(known -> names.add(known.name()));
            if (names.contains(step.name())) {
                throw new IllegalArgumentException(
                        "two steps of release \"" + version + "\" have the name \"" + step.name() + "\"; rename one");
            }
            boolean changes = steps.stream().anyMatch(known -> known.kind() == StepKind.CHANGE);
            if (step.kind() == StepKind.PROTECT && changes) {
                throw new IllegalArgumentException("step \"" + step.name()
                        + "\" protects what a step before it has changed already; put it before the first change");
            }
            if (!step.kind().isLast()
                    && steps.stream().anyMatch(known -> known.kind().isLast())) {
                throw new IllegalArgumentException("step \"" + step.name() + "\" is of kind \"" + step.kind()
                        + "\" and comes after one that runs last; put cleanups and notifications at the end");
            }
            steps.add(step);
            return this;
        }

        /**
         * What lets one release run at a time, if it is not a file in the directory.
         *
         * @param lock shared by all who release
         * @return this builder
         * @throws IllegalArgumentException if it is null
         */
        public Builder lock(ReleaseLock lock) {
            this.lock = given("lock", lock);
            return this;
        }

        /**
         * What lets one release run at a time, for who adds to a plan of somebody else's.
         *
         * @return null if it was not set, so that it is a file in the directory
         */
        public @Nullable ReleaseLock lock() {
            return lock;
        }

        /**
         * Who releases, for others who wait.
         *
         * @param holder the user and the process unless set
         * @return this builder
         * @throws IllegalArgumentException if it is null or blank
         */
        public Builder holder(String holder) {
            if (given("holder", holder).isBlank()) {
                throw new IllegalArgumentException("holder must not be blank; say who releases");
            }
            this.holder = FlagText.printable(holder, 200);
            return this;
        }

        /**
         * How long to wait in line for another release.
         *
         * @param wait ten minutes unless set; zero to wait for none
         * @return this builder
         * @throws IllegalArgumentException if it is null, negative or longer than a year
         */
        public Builder waitAtMost(Duration wait) {
            this.wait = Limits.within("wait", wait, Duration.ZERO, Limits.LONGEST);
            return this;
        }

        /**
         * How long to wait for a step that was interrupted before the release is given up as in doubt.
         *
         * @param patience 30 seconds unless set
         * @return this builder
         * @throws IllegalArgumentException if it is null, shorter than a millisecond or longer than a year
         */
        public Builder patience(Duration patience) {
            this.patience = Limits.within("patience", patience, Limits.SHORTEST, Limits.LONGEST);
            return this;
        }

        /**
         * What the journal's times are read from.
         *
         * @param clock the machine's unless set
         * @return this builder
         * @throws IllegalArgumentException if it is null
         */
        public Builder clock(InstantSource clock) {
            this.clock = given("clock", clock);
            return this;
        }

        /**
         * Who is told of each step as it begins and ends.
         *
         * @param log takes lines for people, one after the other; SLF4J unless set
         * @return this builder
         * @throws IllegalArgumentException if it is null
         */
        public Builder log(Consumer<String> log) {
            this.log = given("log", log);
            return this;
        }

        /**
         * Who is told what became of each run, once the lock was given back: also of one that ended in doubt, of which
         * nobody is notified.
         *
         * @param afterwards told by the thread that called {@link Release#run}, {@link Release#resume} or {@link
         *     Release#rollBack}, which is not interrupted meanwhile; what it throws is logged and changes nothing
         * @return this builder
         * @throws IllegalArgumentException if it is null
         */
        public Builder afterwards(Consumer<ReleaseReport> afterwards) {
            this.afterwards = given("who is told afterwards", afterwards);
            return this;
        }

        private static <T> T given(String what, @Nullable T setting) {
            if (setting == null) {
                throw new IllegalArgumentException(what + " of a release must be given, but is null");
            }
            return setting;
        }

        /**
         * The release as planned.
         *
         * @return a release that was not begun
         * @throws IllegalArgumentException if it has no directory or no steps
         */
        public Release build() {
            if (steps.isEmpty()) {
                throw new IllegalArgumentException("release \"" + version + "\" has no steps; add what it is to do");
            }
            return new Release(this, given("directory", directory));
        }
    }
}
