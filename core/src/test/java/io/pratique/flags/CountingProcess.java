package io.pratique.flags;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.HistoryMark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A program with a client and a snapshot file, made to be killed. Its source counts the loads, in the history mark, and
 * goes on from the mark that the file has. Ends when its input does.
 */
final class CountingProcess {

    private CountingProcess() {}

    public static void main(String[] arguments) throws Exception {
        try (FlagClient flags = FlagClient.builder()
                .source(new Counter())
                .snapshotFile(Path.of(arguments[0]))
                .build()) {
            while (System.in.available() == 0) {
                flags.refresh().toCompletableFuture().join();
            }
        }
        System.out.println("ended in order");
    }

    /** Two flags that change together with each load, and one that was killed. */
    static final class Counter implements FlagSource {

        private final AtomicLong loads = new AtomicLong();

        @Override
        public FlagSet load() {
            long number = loads.incrementAndGet();
            return FlagSet.builder()
                    .put("left", valueAt(number))
                    .put("right", valueAt(number))
                    .put("killed", "off")
                    .historyMark(new HistoryMark("epoch", number, "change-" + number, Instant.EPOCH))
                    .build();
        }

        @Override
        public FlagSet reload(FlagSet previous) {
            HistoryMark mark = previous.historyMark();
            loads.accumulateAndGet(mark == null ? 0 : mark.sequence(), Math::max);
            return load();
        }

        @Override
        public String name() {
            return "counter";
        }

        static String valueAt(long number) {
            return number % 2 == 0 ? "off" : "on";
        }
    }
}
