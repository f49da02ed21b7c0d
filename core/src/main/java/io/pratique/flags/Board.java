package io.pratique.flags;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.pratique.flags.FlagTable.Cell;
import io.pratique.time.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the snapshot hangs for all to read. Changes are made one after the other, by any thread but a reader's: the next
 * snapshot is computed, published through one reference, and only then told to handles and listeners.
 */
final class Board {

    private final Timeline timeline;
    private final ChangeFeed feed;
    private final Runnable afterChange;
    private final @Nullable EvaluationCounts counts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Cache<HandleKey, FlagHandle> handles =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();
    private volatile Snapshot current;

    private Timeline.Alarm nextEnd;

    private record HandleKey(String key, boolean defaultValue) {}

    /**
     * Puts the first snapshot up.
     *
     * @param afterChange told after each change of what is held, with the lock in hand; returns at once
     * @param counts what handles are asked; null if that is not counted
     */
    Board(Timeline timeline, ChangeFeed feed, Snapshot first, Runnable afterChange, @Nullable EvaluationCounts counts) {
        this.timeline = timeline;
        this.feed = feed;
        this.afterChange = afterChange;
        this.counts = counts;
        this.current = first;
        this.nextEnd = timeline.at(Timeline.NEVER, () -> {});
    }

    Snapshot current() {
        return current;
    }

    /** Replaces the snapshot by one made from it. */
    void update(UnaryOperator<Snapshot> change) {
        lock.lock();
        try {
            Snapshot before = current;
            Snapshot after = change.apply(before);
            if (after == before) {
                return;
            }
            current = after;
            if (after.table() != before.table() || after.allAnswered() != before.allAnswered()) {
                handles.asMap().values().forEach(this::publishTo);
            }
            if (after.table() != before.table()) {
                scheduleNextEnd(after);
                feed.publish(changes(before, after));
            }
            afterChange.run();
        } finally {
            lock.unlock();
        }
    }

    /** Tells the first snapshot's answers to whoever listens by now, as changes from the defaults. */
    void announceFirst() {
        lock.lock();
        try {
            Snapshot nothing = Snapshot.first(current.declarations(), List.of(), Map.of());
            scheduleNextEnd(current);
            feed.publish(changes(nothing, current));
        } finally {
            lock.unlock();
        }
    }

    /** The handle of a key and a default; the same one as long as somebody keeps it. */
    FlagHandle handle(String key, boolean defaultValue) {
        lock.lock();
        try {
            FlagHandle handle = handles.get(new HandleKey(key, defaultValue), this::newHandle);
            publishTo(handle);
            return handle;
        } finally {
            lock.unlock();
        }
    }

    private FlagHandle newHandle(HandleKey of) {
        return counts == null
                ? new FlagHandle(of.key(), of.defaultValue())
                : new CountedFlagHandle(of.key(), of.defaultValue(), counts.of(of.key()));
    }

    private void publishTo(FlagHandle handle) {
        Snapshot snapshot = current;
        Cell cell = snapshot.table().find(handle.key());
        if (cell != null && cell.held) {
            handle.publish(cell.enabled, true);
        } else {
            handle.publish(handle.defaultValue(), snapshot.allAnswered());
        }
    }

    /** Time boxes and overrides end by themselves, whatever becomes of their sources. */
    private void scheduleNextEnd(Snapshot snapshot) {
        nextEnd.cancel();
        long end = Timeline.NEVER;
        for (SourceState source : snapshot.sources()) {
            end = Math.min(end, source.nextEnd());
        }
        for (LocalOverride override : snapshot.overrides().values()) {
            end = Math.min(end, override.ends());
        }
        nextEnd = timeline.at(end, this::endDue);
    }

    private void endDue() {
        lock.lock();
        try {
            update(this::withoutEnded);
            // A clock that was set back has ended nothing; then the end is still to come.
            scheduleNextEnd(current);
        } finally {
            lock.unlock();
        }
    }

    private Snapshot withoutEnded(Snapshot snapshot) {
        Moment now = Moment.now(timeline);
        Snapshot next = snapshot;
        for (int i = 0; i < snapshot.sources().size(); i++) {
            SourceState state = snapshot.sources().get(i);
            SourceState ended = state.ended(now);
            next = ended == state ? next : next.with(i, ended);
        }
        Map<String, LocalOverride> lasting = new HashMap<>(snapshot.overrides());
        lasting.values().removeIf(override -> override.ends() <= now.nanos());
        return lasting.size() == snapshot.overrides().size() ? next : next.with(lasting);
    }

    private List<FlagChange> changes(Snapshot before, Snapshot after) {
        Moment now = Moment.now(timeline);
        List<FlagChange> changes = new ArrayList<>();
        Stream<Cell> set = after.table().cells().filter(cell -> before.table().find(cell.key) != cell);
        Stream<Cell> gone = before.table().cells().filter(cell -> after.table().find(cell.key) == null);
        Stream.concat(set, gone).forEach(cell -> addChange(changes, cell.key, before, after, now));
        return changes;
    }

    private static void addChange(List<FlagChange> changes, String key, Snapshot before, Snapshot after, Moment now) {
        boolean defaultValue = after.declarations().defaultOf(key);
        FlagEvaluation was = before.evaluate(key, defaultValue, now);
        FlagEvaluation is = after.evaluate(key, defaultValue, now);
        if (was.enabled() != is.enabled() || was.shadowsOff() != is.shadowsOff()) {
            changes.add(new FlagChange(was, is));
        }
    }
}
