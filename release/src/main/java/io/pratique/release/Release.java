package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.JournalEntry.Event;
import io.pratique.release.JournalEntry.Header;
import io.pratique.release.ReleaseRun.Result;
import io.pratique.release.StepTelling.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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
 * <p>Instances are immutable but for {@link #stop}, and all methods may be called by any thread.
 */
public final class Release {

    private static final Logger LOG = LoggerFactory.getLogger(Release.class);

    private final String version;
    private final Path directory;
    private final List<Step> plan;
    private final ReleaseLock lock;
    private final Builder settings;
    private final StepThread thread;

    private Release(Builder builder, Path directory) {
        this.version = builder.version;
        this.directory = directory;
        this.plan = List.copyOf(builder.steps);
        this.lock = builder.lock == null ? FileReleaseLock.in(directory) : builder.lock;
        this.settings = builder;
        this.thread = new StepThread(builder.patience);
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
     * Releases. A version that is there already is left as it is.
     *
     * @return what became of it
     * @throws LockHeldException if another release runs, and goes on for longer than this one waits
     * @throws UnfinishedReleaseException if a release is neither done nor undone
     * @throws IOException if nothing can be begun
     * @throws InterruptedException if the thread is interrupted while it waits for the lock; later, an interrupt {@linkplain
     *     #stop stops} the release
     */
    public ReleaseReport run() throws IOException, InterruptedException {
        return holding(lease -> {
            requireNoneUnfinished();
            Past past = past();
            String current = past.currentVersion();
            if (version.equals(current)) {
                return new ReleaseReport(
                        version, ReleaseOutcome.DONE, "it is the current version already", past.lastDone());
            }
            Header header = new Header(
                    settings.clock.instant(),
                    version,
                    current,
                    lease.token(),
                    plan.stream().map(Step::toString).toList());
            return toTheEnd(Journal.begin(journalFile(), header), lease, null);
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
        return holding(lease -> toTheEnd(reopened("resume"), lease, null));
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
        Objects.requireNonNull(reason, "reason");
        return holding(lease -> toTheEnd(reopened("roll back"), lease, reason));
    }

    /**
     * Has this release end soon: the step that runs is interrupted, and all changes are undone. What is being undone is
     * undone to its end. Returns at once.
     */
    public void stop() {
        thread.stop();
    }

    /** What is done while the lock is held. */
    @FunctionalInterface
    private interface Work {
        ReleaseReport with(Lease lease) throws IOException;
    }

    private ReleaseReport holding(Work work) throws IOException, InterruptedException {
        try (Lease lease = lock.acquire(settings.holder, "release " + version, settings.wait)) {
            return onOwnThread(() -> work.with(lease));
        }
    }

    /** An interrupt would close the journal's file; so whoever is interrupted is another thread than the one that writes. */
    private ReleaseReport onOwnThread(Callable<ReleaseReport> work) throws IOException {
        FutureTask<ReleaseReport> task = new FutureTask<>(work);
        Thread running = new Thread(task, "pratique-release-" + version);
        running.setDaemon(true);
        running.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    stop();
                }
            }
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException thrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    private Path journalFile() {
        return directory.resolve("release.journal");
    }

    private Past past() {
        return new Past(directory.resolve("past"));
    }

    /** A journal that tells of an end was only not put away. */
    private void requireNoneUnfinished() throws IOException {
        Journal journal = Journal.open(journalFile());
        if (journal == null) {
            return;
        }
        ReleaseOutcome end = Progress.of(journal.entries()).end();
        if (end == null || !end.isEnd()) {
            String begun = journal.header().version();
            journal.close();
            throw new UnfinishedReleaseException(begun, journalFile());
        }
        journal.moveTo(past().place(journal.header()));
    }

    private Journal reopened(String what) throws IOException {
        Journal journal = Journal.open(journalFile());
        if (journal == null && what.equals("roll back")) {
            Path done = past().lastDone();
            if (done != null) {
                Files.move(done, journalFile());
                journal = Journal.open(journalFile());
            }
        }
        if (journal == null) {
            throw new IllegalStateException("there is no release to " + what + " in \"" + directory + "\"");
        }
        Header header = journal.header();
        List<String> steps = plan.stream().map(Step::toString).toList();
        if (!header.version().equals(version) || !header.plan().equals(steps)) {
            journal.close();
            throw new IllegalStateException("the release to " + what + " is \""
                    + FlagText.printable(header.version(), 100)
                    + "\" with the steps " + header.plan() + ", but this is \"" + version + "\" with the steps " + steps
                    + "; " + what + " it with the plan that began it");
        }
        return journal;
    }

    private ReleaseReport toTheEnd(Journal journal, Lease lease, @Nullable String giveUp) throws IOException {
        Header header = journal.header();
        Path files = Files.createDirectories(directory.resolve("files").resolve(Past.name(header)));
        Surroundings surroundings = new Surroundings(version, header.previousVersion(), files);
        try (journal) {
            if (!journal.entries().isEmpty()) {
                journal.append(new JournalEntry(settings.clock.instant(), Event.RESUMED, null, null, settings.holder));
            }
            Result result = new ReleaseRun(plan, journal, lease, thread, surroundings, settings.clock, settings.log)
                    .toTheEnd(giveUp);
            Path kept = journalFile();
            if (result.outcome().isEnd()) {
                kept = past().place(header);
                journal.moveTo(kept);
            }
            ReleaseReport report = new ReleaseReport(version, result.outcome(), result.reason(), kept);
            settings.log.accept(report.toString());
            return report;
        }
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
         * @param directory made if it is not there
         * @return this builder
         * @throws IllegalArgumentException if it is null
         */
        public Builder directory(Path directory) {
            this.directory = given("directory", directory);
            return this;
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
         * @throws IllegalArgumentException if it is negative
         */
        public Builder waitAtMost(Duration wait) {
            if (given("wait", wait).isNegative()) {
                throw new IllegalArgumentException("wait must not be negative, but is \"" + wait + "\"");
            }
            this.wait = wait;
            return this;
        }

        /**
         * How long to wait for a step that was interrupted before the release is given up as in doubt.
         *
         * @param patience 30 seconds unless set
         * @return this builder
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder patience(Duration patience) {
            if (given("patience", patience).isNegative() || patience.isZero()) {
                throw new IllegalArgumentException("patience must be positive, but is \"" + patience + "\"");
            }
            this.patience = patience;
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
         * @throws UncheckedIOException if the directory cannot be made
         */
        public Release build() {
            if (steps.isEmpty()) {
                throw new IllegalArgumentException("release \"" + version + "\" has no steps; add what it is to do");
            }
            try {
                return new Release(this, Files.createDirectories(given("directory", directory)));
            } catch (IOException e) {
                throw new UncheckedIOException("the directory of releases cannot be made: " + FlagText.printable(e), e);
            }
        }
    }
}
