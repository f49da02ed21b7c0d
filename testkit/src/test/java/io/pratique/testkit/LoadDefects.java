package io.pratique.testkit;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** What a load can get wrong. */
final class LoadDefects {

    static final List<Defect<MemoryBackend, FlagSource>> ALL = List.of(
            Defect.of(
                    "invents a flag",
                    entries((key, set) -> set.put("invented", "on").put("another", "on")),
                    "Loading.keyThatWasWrittenIsPresentAndOthersAreAbsent"),
            Defect.of(
                    "is never empty",
                    loads(source -> set -> set.toBuilder().put("invented", "on").build()),
                    "Loading.backendWithoutFlagsIsAnEmptySet"),
            Defect.of("returns null", loads(source -> set -> null), "Loading.backendWithoutFlagsIsAnEmptySet"),
            Defect.of("trims texts", texts(String::strip), "Loading.textsAreDeliveredExactly"),
            Defect.of("lowers texts", texts(text -> text.toLowerCase(Locale.ROOT)), "Loading.textsAreDeliveredExactly"),
            Defect.of(
                    "cuts texts",
                    texts(text -> text.substring(0, Math.min(255, text.length()))),
                    "Loading.textsAreDeliveredExactly"),
            Defect.of(
                    "reads one line",
                    texts(text -> text.lines().findFirst().orElse("")),
                    "Loading.controlCharactersAreDeliveredExactly"),
            Defect.of(
                    "ends at nul",
                    texts(text -> text.split("\0", 2)[0]),
                    "Loading.controlCharactersAreDeliveredExactly"),
            Defect.of(
                    "folds case of keys",
                    entries((key, set) -> {
                        FlagEntry entry = FlagEntry.of("of another case");
                        if (!key.equals(key.toLowerCase(Locale.ROOT))) {
                            set.remove(key).put(key.toLowerCase(Locale.ROOT), entry);
                        }
                    }),
                    "Loading.oddKeysAreDeliveredExactlyAndApart"),
            Defect.of(
                    "reads one page",
                    loads(source -> set -> {
                        FlagSet.Builder page = FlagSet.builder();
                        set.entries().entrySet().stream().limit(1_000).forEach(e -> page.put(e.getKey(), e.getValue()));
                        return page.build();
                    }),
                    "Loading.tenThousandFlagsAreDelivered"),
            Defect.of(
                    "reads once",
                    loads(source -> new UnaryOperator<>() {
                        private FlagSet first;

                        @Override
                        public FlagSet apply(FlagSet set) {
                            first = first == null ? set : first;
                            return first;
                        }
                    }),
                    "Loading.lastTextWrittenIsLoaded",
                    "Loading.keyWrittenAfterALoadIsPresent"),
            Defect.of(
                    "forgets nothing",
                    loads(source -> new UnaryOperator<>() {
                        private FlagSet all = FlagSet.empty();

                        @Override
                        public FlagSet apply(FlagSet set) {
                            FlagSet.Builder union = all.toBuilder();
                            set.entries().forEach(union::put);
                            all = union.build();
                            return all;
                        }
                    }),
                    "Loading.removedKeyIsAbsent",
                    "Loading.removalOfTheLastKeyIsAnEmptySet"),
            Defect.of(
                    "takes empty for an outage",
                    loads(source -> new UnaryOperator<>() {
                        private FlagSet last = FlagSet.empty();

                        @Override
                        public FlagSet apply(FlagSet set) {
                            last = set.entries().isEmpty() ? last : set;
                            return last;
                        }
                    }),
                    "Loading.removalOfTheLastKeyIsAnEmptySet"),
            Defect.of(
                    "buries removed keys",
                    loads(source -> {
                        Set<String> dead = new HashSet<>();
                        return set -> {
                            source.backend.history().stream()
                                    .filter(change -> change.value() == null)
                                    .forEach(change -> dead.add(change.key()));
                            FlagSet.Builder living = set.toBuilder();
                            dead.forEach(living::remove);
                            return living.build();
                        };
                    }),
                    "Loading.removedKeyCanBeWrittenAgain"),
            Defect.of(
                    "takes the load for a change",
                    loads(source -> {
                        AtomicInteger loads = new AtomicInteger();
                        return set -> stamped(set, Instant.ofEpochSecond(loads.incrementAndGet()));
                    }),
                    "Loading.twoLoadsOfAnUnchangedBackendAreEqual"),
            Defect.of(
                    "takes its own start for a change",
                    loads(source -> set -> stamped(set, Instant.ofEpochSecond(System.identityHashCode(source)))),
                    "Loading.twoSourcesOverOneBackendAreEqual"),
            Defect.of("shares a buffer", SharedBuffer::new, "Loading.concurrentLoadsAreWhole"),
            Defect.of(
                    "dies of an interrupt",
                    backend -> new MemorySource(backend) {
                        @Override
                        public FlagSet load() throws IOException {
                            if (Thread.currentThread().isInterrupted()) {
                                close();
                                throw new InterruptedIOException("connection lost");
                            }
                            return super.load();
                        }
                    },
                    "Loading.interruptedLoadThrowsOrIsWholeAndSpoilsNoLaterOne"),
            Defect.of(
                    "returns half when interrupted",
                    loads(source -> set -> Thread.currentThread().isInterrupted() ? FlagSet.empty() : set),
                    "Loading.interruptedLoadThrowsOrIsWholeAndSpoilsNoLaterOne"));

    private LoadDefects() {}

    /** What is done to the sets of one source. */
    @FunctionalInterface
    private interface Damage {
        UnaryOperator<FlagSet> of(MemorySource source);
    }

    private static Defect.Factory<MemoryBackend, FlagSource> loads(Damage damage) {
        return backend -> new MemorySource(backend) {
            private final UnaryOperator<FlagSet> damaged = damage.of(this);

            @Override
            public FlagSet load() throws IOException {
                return damaged.apply(super.load());
            }
        };
    }

    private static Defect.Factory<MemoryBackend, FlagSource> entries(BiConsumer<String, FlagSet.Builder> damage) {
        return loads(source -> set -> {
            FlagSet.Builder damaged = set.toBuilder();
            set.entries().keySet().forEach(key -> damage.accept(key, damaged));
            return damaged.build();
        });
    }

    private static Defect.Factory<MemoryBackend, FlagSource> texts(UnaryOperator<String> damage) {
        return loads(source -> set -> {
            FlagSet.Builder damaged = set.toBuilder();
            set.entries().forEach((key, entry) -> damaged.put(key, damage.apply(entry.value())));
            return damaged.build();
        });
    }

    private static FlagSet stamped(FlagSet set, Instant time) {
        FlagSet.Builder stamped = set.toBuilder();
        set.entries().forEach((key, entry) -> stamped.put(key, entry.changedAt(time)));
        return stamped.build();
    }

    /**
     * Collects into one buffer, whoever loads; two loads that meet empty it under each other. The first one waits for
     * another, so that they do meet.
     */
    private static final class SharedBuffer extends MemorySource {

        private final AtomicInteger loading = new AtomicInteger();
        private final Meeting meeting = new Meeting();

        SharedBuffer(MemoryBackend backend) {
            super(backend);
        }

        @Override
        public FlagSet load() throws IOException {
            try {
                loading.incrementAndGet();
                meeting.join();
                FlagSet whole = super.load();
                return loading.get() > 1 ? FlagSet.empty() : whole;
            } finally {
                loading.decrementAndGet();
            }
        }
    }
}
