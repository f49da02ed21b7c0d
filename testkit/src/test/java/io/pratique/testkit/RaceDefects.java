package io.pratique.testkit;

import static io.pratique.testkit.WriteDefects.writes;

import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a store can get wrong when several use it at once. */
final class RaceDefects {

    static final List<Defect<InMemoryFlagStore, FlagStore>> ALL = List.of(
            Defect.of(
                    "writes one by one",
                    OneByOne::new,
                    "Comparing.oneUnexpectedVersionKeepsAllChangesFromBeingMade",
                    "Racing.readersSeeEveryChangeAndNoneByHalf"),
            Defect.of(
                    "compares first and writes then",
                    ComparesFirst::new,
                    "Racing.changesOfAnExpectedVersionLoseNoneBefore",
                    "Racing.oneOfManyWinsEachVersion",
                    "Racing.oneOfManyWinsAnAbsentFlagAndAnotherTogether"),
            Defect.of(
                    "writes again when in doubt",
                    writes((store, writes) -> {
                        store.store.write(writes);
                        return store.store.write(writes);
                    }),
                    "Racing.everyChangeIsToldOnceAndInOrder"));

    private RaceDefects() {}

    /** Lets a reader in between, as a server does that is busy. */
    private static final class OneByOne extends WrappedStore {

        private static final Exchanger<String> MEETING = new Exchanger<>();

        OneByOne(InMemoryFlagStore server) {
            super(server);
        }

        @Override
        public FlagSet reload(FlagSet previous) throws Exception {
            meet(MEETING, 1);
            FlagSet read = super.reload(previous);
            meet(MEETING, 1);
            return read;
        }

        @Override
        public List<FlagRevision> write(List<FlagWrite> writes) {
            List<FlagRevision> made = new ArrayList<>();
            for (FlagWrite write : writes) {
                List<FlagRevision> one = super.write(List.of(write));
                if (one.isEmpty()) {
                    return List.of();
                }
                made.addAll(one);
                meet(MEETING, writes.size() > 1 ? 1 : 0);
            }
            return made;
        }
    }

    /** Lets another one compare before it writes itself. */
    private static final class ComparesFirst extends WrappedStore {

        private static final Exchanger<String> MEETING = new Exchanger<>();

        ComparesFirst(InMemoryFlagStore server) {
            super(server);
        }

        @Override
        public List<FlagRevision> write(List<FlagWrite> writes) {
            boolean expected = writes.stream().allMatch(this::isExpected);
            if (expected && writes.get(0).ifVersion() != null) {
                meet(MEETING, 300);
            }
            return expected
                    ? super.write(
                            writes.stream().map(WrappedStore::withoutVersion).toList())
                    : List.of();
        }

        private boolean isExpected(FlagWrite write) {
            long version = current(write.key()).map(FlagRevision::version).orElse(0L);
            return write.ifVersion() == null || write.ifVersion() == version;
        }
    }

    private static void meet(Exchanger<String> meeting, long millis) {
        try {
            meeting.exchange("", millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException alone) {
            // Nobody else is there; the fault shows another time.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
