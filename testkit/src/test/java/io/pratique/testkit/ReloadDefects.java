package io.pratique.testkit;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.testkit.MemoryBackend.Change;
import io.pratique.testkit.MemoryBackend.Kind;
import java.io.IOException;
import java.util.List;

/** What a reload can get wrong. */
final class ReloadDefects {

    static final List<Defect<MemoryBackend, FlagSource>> ALL = List.of(
            Defect.of(
                    "returns the set before",
                    reloads((source, before, after) -> before),
                    "Reloading.newKeyIsPresentAndOthersStay",
                    "Reloading.changedTextIsDelivered",
                    "Reloading.removedKeyIsAbsent",
                    "Reloading.removalOfTheLastKeyIsAnEmptySet",
                    "Reloading.firstKeyAfterAnEmptySetIsPresent",
                    "Reloading.eachReloadGoesOnFromTheOneBefore",
                    "Reloading.severalChangesBetweenTwoReloadsAreAllDelivered"),
            Defect.of(
                    "takes no rows for no flags",
                    reloads((source, before, after) -> after.equals(before) ? FlagSet.empty() : after),
                    "Reloading.unchangedBackendAgreesWithLoad"),
            Defect.of(
                    "returns what changed alone",
                    reloads((source, before, after) -> {
                        FlagSet.Builder changed = FlagSet.builder();
                        after.entries().forEach((key, entry) -> {
                            if (!entry.equals(before.entries().get(key))) {
                                changed.put(key, entry);
                            }
                        });
                        return changed.historyMark(source.backend.mark()).build();
                    }),
                    "Reloading.newKeyIsPresentAndOthersStay"),
            Defect.of(
                    "misses removals",
                    applies((change, set) -> {
                        if (change.kind() != Kind.REMOVED) {
                            set.put(change.key(), change.value());
                        }
                    }),
                    "Reloading.removedKeyIsAbsent",
                    "Reloading.removalOfTheLastKeyIsAnEmptySet"),
            Defect.of(
                    "misses new keys",
                    applies((change, set) -> {
                        if (change.kind() == Kind.REPLACED) {
                            set.put(change.key(), change.value());
                        }
                    }),
                    "Reloading.firstKeyAfterAnEmptySetIsPresent"),
            Defect.of(
                    "keeps the oldest of several",
                    backend -> new MemorySource(backend) {
                        @Override
                        public FlagSet reload(FlagSet previous) throws IOException {
                            FlagSet.Builder set =
                                    super.reload(previous).toBuilder().historyMark(backend.mark());
                            List<Change> changes = backend.since(MemoryBackend.position(previous));
                            for (int i = changes.size() - 1; i >= 0; i--) {
                                apply(changes.get(i), set);
                            }
                            return set.build();
                        }
                    },
                    "Reloading.severalChangesBetweenTwoReloadsAreAllDelivered"),
            Defect.of(
                    "forgets the mark",
                    reloads((source, before, after) -> {
                        FlagSet.Builder unmarked = FlagSet.builder();
                        after.entries().forEach(unmarked::put);
                        return unmarked.build();
                    }),
                    "Reloading.changedTextIsDelivered",
                    "Reloading.eachReloadGoesOnFromTheOneBefore"),
            Defect.of(
                    "trusts its own position",
                    backend -> new MemorySource(backend) {
                        private long position = backend.mark().sequence();

                        @Override
                        public FlagSet reload(FlagSet previous) throws IOException {
                            FlagSet.Builder set = previous.toBuilder();
                            backend.since(position).forEach(change -> apply(change, set));
                            position = backend.mark().sequence();
                            return set.historyMark(backend.mark()).build();
                        }
                    },
                    "Reloading.setWithAHistoryMarkServesAnotherSource"));

    private ReloadDefects() {}

    /** Makes the wrong set out of the right one. */
    @FunctionalInterface
    private interface Damage {
        FlagSet of(MemorySource source, FlagSet before, FlagSet after);
    }

    private static Defect.Factory<MemoryBackend, FlagSource> reloads(Damage damage) {
        return backend -> new MemorySource(backend) {
            @Override
            public FlagSet reload(FlagSet previous) throws IOException {
                return damage.of(this, previous, super.reload(previous));
            }
        };
    }

    /** Carries a change over into a set. */
    @FunctionalInterface
    private interface Application {
        void apply(Change change, FlagSet.Builder set);
    }

    private static Defect.Factory<MemoryBackend, FlagSource> applies(Application application) {
        return backend -> new MemorySource(backend) {
            @Override
            void apply(Change change, FlagSet.Builder set) {
                application.apply(change, set);
            }
        };
    }
}
