package io.pratique.release.incidents;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.ReleaseHistory;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.ReleaseReport;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import io.pratique.release.io.Trouble;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The incidents of a service: one for each release that was undone, or was left in the middle, until somebody closes it.
 * They are files in the releases' directory; receivers are told of them now, or once they can be reached.
 *
 * <pre>{@code
 * Incidents incidents = Incidents.in(releases)
 *         .receiver("github", GitHubIssues.of("acme/worker", () -> System.getenv("GITHUB_TOKEN")))
 *         .receiver("slack", SlackWebhook.of(() -> System.getenv("SLACK_WEBHOOK_URL")));
 *
 * Release.named("v1.2.4").directory(releases).afterwards(incidents::afterwards)
 *         ...
 *         .step(Step.notify("incident", incidents))
 * }</pre>
 *
 * <p>Instances are immutable, and all methods may be called by all threads of all processes of a host at once. Whoever is
 * interrupted has lost nothing: what was not told stays queued.
 */
public final class Incidents implements StepAction {

    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Path releases;
    private final IncidentStore store;
    private final IncidentSettings settings;

    private Incidents(Path releases, IncidentSettings settings) {
        this.releases = releases;
        this.store = new IncidentStore(releases.resolve("incidents"));
        this.settings = settings;
    }

    /**
     * The incidents of a directory, of which nobody is told.
     *
     * @param releaseDirectory the directory of the releases; nothing is made in it before there is an incident
     * @return incidents that are due after 48 hours
     * @throws IllegalArgumentException if it is null
     */
    public static Incidents in(Path releaseDirectory) {
        return new Incidents(given("release directory", releaseDirectory), IncidentSettings.usual());
    }

    private Incidents with(Consumer<IncidentSettings> change) {
        return new Incidents(releases, settings.with(change));
    }

    /**
     * The same with one receiver more.
     *
     * @param name small letters, digits and hyphens, by which it is known in the next process, too
     * @param receiver told of what is open, also if that was opened before it was there
     * @return new incidents over the same files
     * @throws IllegalArgumentException if the name is none or another's, or the receiver is null
     */
    public Incidents receiver(String name, IncidentReceiver receiver) {
        requireName("receiver", name);
        given("receiver \"" + name + "\"", receiver);
        if (settings.receivers.containsKey(name)) {
            throw new IllegalArgumentException("two receivers have the name \"" + name + "\"; rename one");
        }
        return with(changed -> changed.receivers.put(name, receiver));
    }

    /**
     * Who is told.
     *
     * @return the names of the receivers, in the order in which they were added
     */
    public List<String> receivers() {
        return List.copyOf(settings.receivers.keySet());
    }

    /**
     * The same for a service with a name, which is wanted where several services tell the same receiver.
     *
     * @param service small letters, digits and hyphens; none unless set
     * @return new incidents over the same files
     * @throws IllegalArgumentException if it is none
     */
    public Incidents service(String service) {
        requireName("service", service);
        return with(changed -> changed.service = service);
    }

    /**
     * The same with a ticket where the work on an incident is kept.
     *
     * @param ticket gives its link, or null if there is none. It is asked once, when an incident is opened, and may block;
     *     if it throws, the incident has no ticket
     * @return new incidents over the same files
     * @throws IllegalArgumentException if it is null
     */
    public Incidents ticket(Function<Incident, @Nullable URI> ticket) {
        given("ticket", ticket);
        return with(changed -> changed.ticket = ticket);
    }

    /**
     * The same with another time until an incident is to be closed.
     *
     * @param due 48 hours unless set; positive, a year at most
     * @return new incidents over the same files
     * @throws IllegalArgumentException if it is null or another
     */
    public Incidents dueAfter(Duration due) {
        requireLength("time until an incident is due", due);
        return with(changed -> changed.due = due);
    }

    /**
     * The same with another limit to the time that a receiver has for one incident; then it is interrupted.
     *
     * @param timeout 30 seconds unless set; positive, a year at most
     * @return new incidents over the same files
     * @throws IllegalArgumentException if it is null or another
     */
    public Incidents timeout(Duration timeout) {
        requireLength("timeout of a receiver", timeout);
        return with(changed -> changed.timeout = timeout);
    }

    /**
     * The same with another template for post-mortems. In it {@code {{name}}} stands for something known of the release:
     * {@code id}, {@code service}, {@code version}, {@code previousVersion}, {@code outcome}, {@code reason}, {@code
     * failedStep}, {@code begunAt}, {@code rollbackAt}, {@code openedAt}, {@code dueAt}, {@code ticket}, {@code timeline} (a
     * table) or {@code undone} (a list). Other names stay as they are.
     *
     * @param template a text in UTF-8, read at once
     * @return new incidents over the same files
     * @throws IllegalArgumentException if it is null or cannot be read
     */
    public Incidents postMortemTemplate(Path template) {
        PostMortem postMortem = PostMortem.of(template);
        return with(changed -> changed.postMortem = postMortem);
    }

    /**
     * The same with another clock.
     *
     * @param clock the machine's unless set
     * @return new incidents over the same files
     * @throws IllegalArgumentException if it is null
     */
    public Incidents clock(InstantSource clock) {
        given("clock", clock);
        return with(changed -> changed.clock = clock);
    }

    /**
     * As a notification of a release: opens an incident if changes of it were undone, or could not be, begins its
     * post-mortem, and tells what is queued, also of earlier releases.
     *
     * @throws IllegalStateException if it is not known yet what became of the release
     * @throws IOException if the incident or the post-mortem cannot be written; not if a receiver fails
     */
    @Override
    public void run(StepContext context) throws IOException, InterruptedException {
        ReleaseOutcome outcome = context.outcome();
        if (outcome == null) {
            throw new IllegalStateException(
                    "an incident is opened when it is known what became of the release; make this step a notification");
        }
        ReleaseRecord release = context.releases().stream()
                .filter(each -> each.id().equals(context.id()))
                .findFirst()
                .orElseThrow();
        Incident incident = opening().note(release, outcome, context.reason());
        List<Incident> told = told(incident, release, context.directory());
        if (incident != null) {
            Incident now = Objects.requireNonNullElse(store.read(incident.id()), incident);
            context.tell("incident " + now.id() + (now.isOpen() ? " is open, due " + now.dueAt() : " is closed"));
        }
        for (Incident each : told) {
            each.deliveries().stream()
                    .filter(delivery -> settings.receivers.containsKey(delivery.receiver()))
                    .forEach(delivery -> context.tell(each.id() + " " + delivery));
        }
    }

    /**
     * For {@code Release.Builder.afterwards}: if the release was left in the middle, which nobody is notified of, opens an
     * incident, begins its post-mortem, and tells what is queued. It throws nothing.
     *
     * @param report what became of the release
     */
    public void afterwards(ReleaseReport report) {
        try {
            ReleaseRecord release = report.outcome() == ReleaseOutcome.INCONCLUSIVE
                    ? ReleaseHistory.in(releases).underWay()
                    : null;
            if (release != null) {
                String reason = report.reason() == null ? release.reason() : report.reason();
                told(opening().note(release, ReleaseOutcome.INCONCLUSIVE, reason), release, filesOf(release));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            logUnopened(report, e);
        } catch (IOException | RuntimeException e) {
            logUnopened(report, e);
        }
    }

    /** What could be opened and not told is queued, and was said already. */
    private static void logUnopened(ReleaseReport report, Exception e) {
        Trouble.warn(LOG, e).addKeyValue("release", report.version()).log("The incident was not opened, or not told");
    }

    /**
     * Opens an incident for a release that the journals tell of, and begins its post-mortem, if it wants one: it was undone,
     * could not be, or is neither done nor undone. To be asked only while nobody runs it. Nobody is told before {@link
     * #deliver}.
     *
     * @param release as the history has it
     * @return the incident, which may have been there; null if the release wants none
     * @throws IOException if it cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    public @Nullable Incident openFor(ReleaseRecord release) throws IOException, InterruptedException {
        ReleaseOutcome outcome = release.outcome() == null ? ReleaseOutcome.INCONCLUSIVE : release.outcome();
        Incident incident = opening().note(release, outcome, release.reason());
        if (incident != null) {
            settings.postMortem.write(filesOf(release), release, incident);
        }
        return incident;
    }

    private IncidentOpening opening() {
        return new IncidentOpening(store, settings);
    }

    /** Where the engine has the steps of a release keep files. */
    private Path filesOf(ReleaseRecord release) {
        return releases.resolve("files").resolve(release.id());
    }

    /** Tells first, for then the post-mortem knows where; but it is begun also if that fails. */
    private List<Incident> told(@Nullable Incident incident, ReleaseRecord release, Path files)
            throws IOException, InterruptedException {
        try {
            return deliver();
        } finally {
            if (incident != null) {
                Incident now = Objects.requireNonNullElse(store.read(incident.id()), incident);
                settings.postMortem.write(files, release, now);
            }
        }
    }

    /**
     * Tells what is queued and due: an attempt for each incident and each receiver that was not told of it as it is now. A
     * receiver that is new is told of what is open, and not of what is closed. A receiver that fails is asked again a minute later at the earliest, then after twice as long each time, up to an hour.
     * If another thread or process does the same just now, this waits for it, for as long as one receiver may take; what is
     * left is left to that.
     *
     * @return the incidents that were tried, as they are now
     * @throws IOException if they cannot be read, or it cannot be noted who was told
     * @throws InterruptedException if the thread is interrupted
     */
    public List<Incident> deliver() throws IOException, InterruptedException {
        if (settings.receivers.isEmpty() || !Files.isDirectory(store.directory())) {
            return List.of();
        }
        try (QueueLock lock = QueueLock.acquire(store.directory(), "deliver.lock", settings.timeout)) {
            return lock == null
                    ? List.of()
                    : new DeliveryPass(store, settings.receivers, settings.timeout, settings.clock).run();
        }
    }

    /**
     * Has all that was refused, or waits for its time, be told by the next {@link #deliver}: the settings have been mended.
     *
     * @throws IOException if that cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    public void requeue() throws IOException, InterruptedException {
        // What cannot be read, deliver() tells of.
        for (Incident incident : store.readable((id, e) -> {})) {
            store.change(incident.id(), now -> now == null ? null : now.requeued());
        }
    }

    /**
     * All incidents, closed ones too.
     *
     * @return the newest first
     * @throws IOException if one cannot be read
     */
    public List<Incident> list() throws IOException {
        return store.all();
    }

    /**
     * The incidents that nobody has closed in time.
     *
     * @return the newest first
     * @throws IOException if one cannot be read
     */
    public List<Incident> overdue() throws IOException {
        Instant now = settings.clock.instant();
        return store.all().stream().filter(incident -> incident.isOverdue(now)).toList();
    }

    /**
     * Closes an incident. Whoever was told of it, or was to be, is told that by the next {@link #deliver}.
     *
     * @param id of the incident
     * @param by who closes it
     * @param note what came of it; may be empty
     * @return the incident, closed
     * @throws IllegalArgumentException if there is none of that id, or nobody is named
     * @throws IllegalStateException if it is closed already
     * @throws IOException if it cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    public Incident close(String id, String by, String note) throws IOException, InterruptedException {
        if (given("who closes an incident", by).isBlank()) {
            throw new IllegalArgumentException("who closes an incident must not be blank; say who does");
        }
        given("note", note);
        if (store.read(id) == null) {
            throw new IllegalArgumentException("there is no incident \"" + id + "\" in \"" + store.directory() + "\"");
        }
        Instant now = settings.clock.instant();
        return Objects.requireNonNull(store.change(id, before -> {
            if (before == null || before.closing() != null) {
                throw new IllegalStateException("incident \"" + id + "\" is closed already, or was moved away");
            }
            return before.closed(
                    new Incident.Closing(now, FlagText.printable(by, 200), FlagText.printable(note, 2_000)));
        }));
    }

    private static <T> T given(String what, @Nullable T given) {
        if (given == null) {
            throw new IllegalArgumentException(what + " must be given, but is null");
        }
        return given;
    }

    private static void requireName(String what, @Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name of a " + what + " must be small letters, digits and hyphens, 64 at most, but is "
                            + (name == null ? "null" : "\"" + FlagText.printable(name) + "\""));
        }
    }

    private static void requireLength(String what, @Nullable Duration length) {
        if (length == null || length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    what + " must be positive and a year at most, but is \"" + length + "\"");
        }
    }
}
