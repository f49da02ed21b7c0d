package io.pratique.testkit;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.HistoryMark;
import io.pratique.flags.spi.LostHistoryException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All changes that were made to flags, what the flags are since, and whose loss was accepted. Guarded by its owner. */
final class FlagHistory {

    /** A change; its version is its place in the list, counted from one. */
    private record Change(String id, FlagRevision revision) {}

    private final List<Change> changes;
    private final Map<String, FlagRevision> latest;
    private final Set<String> acceptedEpochs;
    private @Nullable String epoch;

    FlagHistory() {
        this.changes = new ArrayList<>();
        this.latest = new TreeMap<>();
        this.acceptedEpochs = new HashSet<>();
    }

    private FlagHistory(FlagHistory original) {
        this.changes = new ArrayList<>(original.changes);
        this.latest = new TreeMap<>(original.latest);
        this.acceptedEpochs = new HashSet<>(original.acceptedEpochs);
        this.epoch = original.epoch;
    }

    /** As it is now, for a backup. */
    FlagHistory copy() {
        return new FlagHistory(this);
    }

    /** Makes all changes, or none and returns nothing. */
    List<FlagRevision> write(List<FlagWrite> writes, Instant now, Instant changedAt) {
        if (!writes.stream().allMatch(write -> isExpected(write.ifVersion(), latest.get(write.key()), now))) {
            return List.of();
        }
        Map<String, FlagRevision> written = new HashMap<>();
        List<FlagRevision> made = new ArrayList<>();
        for (FlagWrite write : writes) {
            FlagRevision before = written.getOrDefault(write.key(), latest.get(write.key()));
            Duration lasting = write.lasting();
            FlagRevision revision = new FlagRevision(
                    write.key(),
                    changes.size() + made.size() + 1L,
                    write.value(),
                    lasting == null ? null : now.plus(lasting),
                    lasting == null ? null : setForGood(before),
                    changedAt,
                    write.by());
            written.put(write.key(), revision);
            made.add(revision);
        }
        if (epoch == null) {
            epoch = random();
        }
        made.forEach(revision -> changes.add(new Change(random(), revision)));
        latest.putAll(written);
        return List.copyOf(made);
    }

    /** One that is over without having covered anything is as absent as one that never was, and has its version still. */
    private static boolean isExpected(@Nullable Long version, @Nullable FlagRevision flag, Instant now) {
        if (version == null) {
            return true;
        }
        if (flag == null || flag.value() == null) {
            return version == 0;
        }
        return version == flag.version() || (version == 0 && flag.valueAt(now) == null);
    }

    /** A time box leaves what is beneath it as it is, also if another one is there already. */
    private static @Nullable String setForGood(@Nullable FlagRevision before) {
        if (before == null) {
            return null;
        }
        return before.expiresAt() == null ? before.value() : before.covered();
    }

    FlagSet all(Instant now) {
        FlagSet.Builder set = marked(FlagSet.builder());
        latest.values().forEach(revision -> put(revision, now, set));
        return set.build();
    }

    /** What has changed since a set was read; that set itself if nothing has. */
    FlagSet since(FlagSet previous, Instant now) throws LostHistoryException {
        HistoryMark seen = previous.historyMark();
        if (seen == null || !isKnown(seen)) {
            return all(now).following(previous, false, acceptedEpochs);
        }
        if (seen.sequence() == changes.size()) {
            return previous;
        }
        FlagSet.Builder set = marked(previous.toBuilder());
        changes.subList((int) seen.sequence(), changes.size()).forEach(change -> put(change.revision(), now, set));
        return set.build();
    }

    private boolean isKnown(HistoryMark seen) {
        return seen.epoch().equals(epoch)
                && seen.sequence() <= changes.size()
                && seen.id().equals(idOf(seen.sequence()));
    }

    private FlagSet.Builder marked(FlagSet.Builder set) {
        return epoch == null ? set : set.historyMark(mark(epoch));
    }

    /** An epoch may begin before the first change does. */
    private HistoryMark mark(String epoch) {
        if (changes.isEmpty()) {
            return new HistoryMark(epoch, 0, idOf(0), Instant.EPOCH);
        }
        return new HistoryMark(
                epoch,
                changes.size(),
                idOf(changes.size()),
                changes.get(changes.size() - 1).revision().changedAt());
    }

    private String idOf(long version) {
        return version == 0 ? "" : changes.get((int) version - 1).id();
    }

    private static void put(FlagRevision revision, Instant now, FlagSet.Builder set) {
        if (revision.value() == null) {
            set.remove(revision.key());
            return;
        }
        FlagEntry entry = FlagEntry.of(revision.value()).changedAt(revision.changedAt());
        Instant end = revision.expiresAt();
        set.put(revision.key(), end == null ? entry : entry.ending(Duration.between(now, end), revision.covered()));
    }

    List<FlagRevision> list(Instant now) {
        return latest.values().stream()
                .filter(revision -> revision.valueAt(now) != null)
                .toList();
    }

    List<FlagRevision> of(String key, int limit) {
        List<FlagRevision> newestFirst = new ArrayList<>();
        for (int i = changes.size() - 1; i >= 0 && newestFirst.size() < limit; i--) {
            FlagRevision revision = changes.get(i).revision();
            if (revision.key().equals(key)) {
                newestFirst.add(revision);
            }
        }
        return List.copyOf(newestFirst);
    }

    /** A new epoch begins with it, so that a later loss of this history is not accepted, too. */
    void accept(String lostEpoch) {
        acceptedEpochs.add(lostEpoch);
        if (epoch == null || epoch.equals(lostEpoch)) {
            epoch = random();
        }
    }

    private static String random() {
        return UUID.randomUUID().toString();
    }
}
