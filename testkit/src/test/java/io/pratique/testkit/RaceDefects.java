package io.pratique.testkit;

import static io.pratique.testkit.WriteDefects.writes;

import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.time.Duration;
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

    /** Lets readers in between, as a server does that is busy. */
    private static final class OneByOne extends WrappedStore {

        /** With two readers, the third poll to end has begun after the first did. */
        private static final int POLLS = 3;

        private static final Monitor MONITOR = new Monitor();
        private static int polls;

        OneByOne(InMemoryFlagStore server) {
            super(server);
        }

        @Override
        public FlagSet reload(FlagSet previous) throws Exception {
            FlagSet read = super.reload(previous);
            MONITOR.change(() -> polls++);
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
                if (made.size() == 1 && writes.size() > 1) {
                    awaitPolls();
                }
            }
            return made;
        }

        private static void awaitPolls() {
            int enough = MONITOR.read(() -> polls) + POLLS;
            try {
                MONITOR.await(() -> polls >= enough, Duration.ofMillis(200), () -> "nobody polls");
            } catch (AssertionError nobodyPolls) {
                // Then nobody sees the half either.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
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
                meet();
            }
            return expected
                    ? super.write(
                            writes.stream().map(WrappedStore::withoutVersion).toList())
                    : List.of();
        }

        private static void meet() {
            try {
                MEETING.exchange("", 300, TimeUnit.MILLISECONDS);
            } catch (TimeoutException alone) {
                // Nobody else is there; the fault shows another time.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isExpected(FlagWrite write) {
            long version = current(write.key()).map(FlagRevision::version).orElse(0L);
            return write.ifVersion() == null || write.ifVersion() == version;
        }
    }
}
