package io.pratique.testkit;

import static io.pratique.testkit.WriteDefects.writes;

import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

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

    /** Writes of many that are half made, until a reader has polled meanwhile. */
    private record Half(CountDownLatch made, CountDownLatch polled) {
        Half() {
            this(new CountDownLatch(1), new CountDownLatch(1));
        }
    }

    /** Lets readers in between, as a server does that is busy. */
    private static final class OneByOne extends WrappedStore {

        private static final Map<InMemoryFlagStore, Half> HALVES = new ConcurrentHashMap<>();

        private final Thread opener = Thread.currentThread();
        private final Half half;

        OneByOne(InMemoryFlagStore server) {
            super(server);
            this.half = HALVES.computeIfAbsent(server, unseen -> new Half());
        }

        /** A poll that begins while all writers wait reads what they have made by half. */
        @Override
        public FlagSet reload(FlagSet previous) throws Exception {
            boolean halfMade = half.made.getCount() == 0;
            FlagSet read = super.reload(previous);
            if (halfMade) {
                half.polled.countDown();
            }
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
                    awaitPoll();
                }
            }
            return made;
        }

        private void awaitPoll() {
            // Where one thread does it all, nobody polls meanwhile.
            if (Thread.currentThread() != opener) {
                half.made.countDown();
                Meeting.await(half.polled);
            }
        }
    }

    /** Lets another one compare before it writes itself. */
    private static final class ComparesFirst extends WrappedStore {

        private static final Map<InMemoryFlagStore, Meeting> MEETINGS = new ConcurrentHashMap<>();

        private final Meeting meeting;

        ComparesFirst(InMemoryFlagStore server) {
            super(server);
            this.meeting = MEETINGS.computeIfAbsent(server, unseen -> new Meeting());
        }

        @Override
        public List<FlagRevision> write(List<FlagWrite> writes) {
            boolean expected = writes.stream().allMatch(this::isExpected);
            if (expected && writes.get(0).ifVersion() != null) {
                meeting.join();
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
}
