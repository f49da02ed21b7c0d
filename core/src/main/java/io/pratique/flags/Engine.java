package io.pratique.flags;

import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.Subscription;
import io.pratique.time.Timeline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is behind a client: the board, a loop for each source, the feed of changes, and their order of start and end. */
final class Engine {

    private static final Logger LOG = LoggerFactory.getLogger(FlagClient.class);

    /** Unknown keys come in bursts, at the start of a program; each burst costs one rebuild of the table. */
    private static final Duration UNKNOWN_KEYS_GATHER = Duration.ofMillis(100);

    /** How long closing waits for a load under way, and for all sources together. */
    private static final Duration LOAD_PATIENCE = Duration.ofSeconds(2);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Timeline timeline;
    private final ChangeFeed feed = new ChangeFeed();
    private final Board board;
    private final @Nullable EvaluationCounts counts;
    private final List<SourceLoop> loops = new ArrayList<>();
    private final UnknownKeyMemory unknown = new UnknownKeyMemory();
    private final AtomicBoolean gathering = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final @Nullable SnapshotFile file;
    private final @Nullable Serial fileWriter;

    /** All that a client is built from. */
    record Settings(
            List<FlagSource> sources,
            List<String> names,
            Snapshot.Declarations declarations,
            SourceLoop.Settings loading,
            @Nullable Path snapshotFile,
            boolean countsEvaluations,
            Timeline timeline) {}

    Engine(Settings settings) {
        this.timeline = settings.timeline();
        this.file = settings.snapshotFile() == null ? null : new SnapshotFile(settings.snapshotFile(), timeline);
        SnapshotText.Content kept = file == null ? SnapshotText.Content.EMPTY : file.read();
        List<SourceState> states = settings.names().stream()
                .map(name -> kept.sources().getOrDefault(name, SourceState.unasked(name)))
                .toList();
        Snapshot first = Snapshot.first(settings.declarations(), states, kept.overrides());
        this.counts = settings.countsEvaluations() ? new EvaluationCounts() : null;
        this.board = new Board(timeline, feed, first, this::afterChange, counts);
        this.fileWriter = file == null
                ? null
                : new Serial(feed.executor(), "Writing the snapshot file", () -> file.write(board.current()));
        for (int i = 0; i < settings.sources().size(); i++) {
            loops.add(new SourceLoop(settings.sources().get(i), i, settings.loading(), board, timeline, feed));
        }
    }

    void start(Duration startupTimeout) {
        var unused = feed.subscribe(new TransitionLog());
        board.announceFirst();
        loops.forEach(SourceLoop::start);
        await(loops.stream().map(SourceLoop::firstOutcome).toList(), startupTimeout);
    }

    Board board() {
        return board;
    }

    Answers answers() {
        return counts == null ? new Answers(this) : new CountedAnswers(this, counts);
    }

    private void afterChange() {
        if (fileWriter != null) {
            fileWriter.request();
        }
        if (unknown.hasUnreported() && board.current().allAnswered()) {
            gatherUnknown();
        }
    }

    /** The answer for a key that the table does not have. */
    boolean missed(@Nullable String key, boolean defaultValue) {
        refuseIfStrict(key);
        if (unknown.saw(key)) {
            gatherUnknown();
        }
        return defaultValue;
    }

    private void refuseIfStrict(@Nullable String key) {
        Snapshot.Declarations declarations = board.current().declarations();
        if (declarations.strict() && (key == null || !declarations.flags().containsKey(key))) {
            throw new IllegalArgumentException(
                    "flag "
                            + (key == null ? "null" : "\"" + FlagText.printable(key) + "\"")
                            + " is not declared; declare it with FlagClient.builder().declare(Flag.of(..)), or correct its name");
        }
    }

    private void gatherUnknown() {
        if (gathering.compareAndSet(false, true)) {
            try {
                timeline.after(UNKNOWN_KEYS_GATHER, this::publishUnknown);
            } catch (Throwable noThread) {
                // The first alarm needs a thread; without one, the key is gathered with a later one.
                gathering.set(false);
            }
        }
    }

    private void publishUnknown() {
        gathering.set(false);
        List<String> unreported = board.current().allAnswered() ? unknown.takeUnreported() : List.of();
        board.update(snapshot -> snapshot.withUnknown(unknown.keys()));
        if (!unreported.isEmpty()) {
            feed.later(() -> unreported.forEach(this::reportIfUnknown));
        }
    }

    private void reportIfUnknown(String key) {
        Snapshot snapshot = board.current();
        boolean declared = snapshot.declarations().flags().containsKey(key);
        if (!declared && snapshot.evaluate(key, true, Moment.now(timeline)).errorCode() == ErrorCode.FLAG_NOT_FOUND) {
            LOG.atInfo()
                    .addKeyValue("flag", Flag.logged(key))
                    .log("Flag {} is in no source and not declared; its default holds", FlagText.printable(key));
        }
    }

    FlagEvaluation evaluate(@Nullable String key, @Nullable Boolean defaultValue) {
        refuseIfStrict(key);
        Snapshot snapshot = board.current();
        String asked = key == null ? "" : key;
        if (snapshot.table().find(asked) == null) {
            boolean unused = missed(key, true);
        }
        boolean otherwise =
                defaultValue != null ? defaultValue : snapshot.declarations().defaultOf(asked);
        FlagEvaluation evaluation = snapshot.evaluate(asked, otherwise, Moment.now(timeline));
        if (counts != null) {
            boolean unused = counts.of(key).add(evaluation.enabled());
        }
        return evaluation;
    }

    FlagHandle handle(@Nullable String key, @Nullable Boolean defaultValue) {
        refuseIfStrict(key);
        Snapshot snapshot = board.current();
        String asked = key == null ? "" : key;
        if (snapshot.table().find(asked) == null) {
            boolean unused = missed(key, true);
        }
        return board.handle(
                asked,
                defaultValue != null ? defaultValue : snapshot.declarations().defaultOf(asked));
    }

    Subscription onChange(FlagListener listener) {
        if (listener == null) {
            throw new IllegalArgumentException("flag listener must not be null; give a listener");
        }
        return feed.subscribe(change -> {
            if (change.before().enabled() != change.enabled()) {
                listener.onChange(change);
            }
        });
    }

    Subscription override(String key, boolean enabled, Duration lasting, String reason) {
        String checked = Flag.of(key).key();
        refuseIfStrict(checked);
        long lasts = Timeline.nanos(Timeline.requirePositive("lasting of an override", lasting));
        if (reason == null || reason.isBlank()) {
            throw new IllegalArgumentException("reason of an override of \"" + FlagText.printable(checked)
                    + "\" must not be blank; say why the glass is broken");
        }
        if (closed.get()) {
            throw new IllegalStateException("the flag client is closed; override flags of a live one");
        }
        Moment now = Moment.now(timeline);
        LocalOverride set = new LocalOverride(
                enabled,
                reason,
                now.instant(),
                now.nanos() + lasts,
                now.instant().plusNanos(lasts));
        board.update(snapshot -> {
            Map<String, LocalOverride> next = new HashMap<>(snapshot.overrides());
            next.put(checked, set);
            return snapshot.with(next);
        });
        LOG.atWarn()
                .addKeyValue("flag", Flag.logged(checked))
                .addKeyValue("enabled", enabled)
                .log(
                        "Flag {} is overridden to {} until {}: {}",
                        FlagText.printable(checked),
                        set.value(),
                        set.endsAt(),
                        FlagText.printable(reason));
        return () -> lift(checked, set);
    }

    @SuppressWarnings("ReferenceEquality") // the very override that was set, not one like it
    private void lift(String key, LocalOverride set) {
        board.update(snapshot -> {
            Map<String, LocalOverride> next = new HashMap<>(snapshot.overrides());
            return next.get(key) == set && next.remove(key) != null ? snapshot.with(next) : snapshot;
        });
    }

    CompletionStage<@Nullable Void> refresh() {
        CompletableFuture<?>[] all = loops.stream().map(SourceLoop::refresh).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all).minimalCompletionStage();
    }

    List<SourceStatus> sources() {
        List<SourceState> states = board.current().sources();
        Moment now = Moment.now(timeline);
        List<SourceStatus> statuses = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            SourceLoop loop = loops.get(i);
            statuses.add(states.get(i).status(now, loop.loadingFor(), loop.pushed()));
        }
        return List.copyOf(statuses);
    }

    List<FlagEvaluation> flags() {
        Snapshot snapshot = board.current();
        Moment now = Moment.now(timeline);
        Set<String> keys = snapshot.knownKeys();
        keys.addAll(snapshot.overrides().keySet());
        return keys.stream()
                .map(key -> snapshot.evaluate(key, snapshot.declarations().defaultOf(key), now))
                .toList();
    }

    List<EvaluationCount> evaluationCounts() {
        return counts == null ? List.of() : counts.toPublic();
    }

    List<StaleFlag> staleFlags() {
        Snapshot snapshot = board.current();
        LocalDate today = LocalDate.ofInstant(timeline.instant(), ZoneOffset.UTC);
        Map<String, Flag> declared = snapshot.declarations().flags();
        List<StaleFlag> stale = new ArrayList<>();
        for (String key : snapshot.knownKeys()) {
            Flag flag = declared.get(key);
            boolean expired = flag != null && flag.expires() != null && today.isAfter(flag.expires());
            boolean undeclared = flag == null && !declared.isEmpty();
            if (expired || undeclared) {
                stale.add(new StaleFlag(
                        key,
                        expired ? StaleFlag.Cause.EXPIRED : StaleFlag.Cause.UNDECLARED,
                        flag,
                        snapshot.sourcesOf(key)));
            }
        }
        return List.copyOf(stale);
    }

    UnknownKeys unknownKeys() {
        Snapshot snapshot = board.current();
        return unknown.toPublic(key -> !snapshot.declarations().flags().containsKey(key)
                && snapshot.sourcesOf(key).isEmpty());
    }

    boolean isClosed() {
        return closed.get();
    }

    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<CompletableFuture<@Nullable Void>> closing =
                loops.stream().map(loop -> loop.close(LOAD_PATIENCE)).toList();
        await(closing, CLOSE_PATIENCE);
        timeline.close();
        if (file != null) {
            file.writeAnyway(board.current());
            file.close();
        }
        feed.close();
    }

    /**
     * Waits in the machine's time, whatever clock the client goes by: it is the caller who is kept waiting. An interrupt
     * does not shorten that, and is kept: who was interrupted must not get a default for an answer that is on its way.
     */
    private static void await(List<CompletableFuture<@Nullable Void>> futures, Duration limit) {
        CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, Timeline.nanos(limit), TimeUnit.NANOSECONDS)
                .join();
    }
}
