package io.pratique.benchmarks.shared;

import io.pratique.flags.FlagClient;
import io.pratique.flags.SourceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Many clients of one server, each with a source and connections of its own, as many processes have them. */
final class Readers implements AutoCloseable {

    static final String KEY = "outbox-processing";

    private static final long PATIENCE_SECONDS = 60;

    private final List<FlagClient> clients = new ArrayList<>();
    private volatile CountDownLatch expected = new CountDownLatch(0);
    private final AtomicLong last = new AtomicLong();

    /** Waits until all have the flags and are told of changes. */
    Readers(Server server, int count, Duration ttl) {
        for (int i = 0; i < count; i++) {
            FlagClient client = FlagClient.builder()
                    .source(server.openSource())
                    .ttl(ttl)
                    .startupTimeout(Duration.ofSeconds(20))
                    .build();
            clients.add(client);
            var unused = client.onChange(change -> heard());
        }
        while (!clients.stream().allMatch(Readers::isPushed)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        settle();
    }

    private static boolean isPushed(FlagClient client) {
        SourceStatus status = client.sources().get(0);
        return status.pushed() && status.state() == SourceStatus.State.READY;
    }

    /** Waits until the loads that the start brought about are over. */
    private void settle() {
        long before;
        do {
            before = loads();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        } while (loads() - before > clients.size());
    }

    private void heard() {
        last.accumulateAndGet(System.nanoTime(), Math::max);
        expected.countDown();
    }

    /** Makes a change that each reader has to be told of; gives when the last one was. */
    long awaitAll(Runnable change) throws InterruptedException {
        CountDownLatch all = new CountDownLatch(clients.size());
        expected = all;
        change.run();
        if (!all.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(all.getCount() + " readers have not heard of a change");
        }
        return last.get();
    }

    long loads() {
        return clients.stream()
                .mapToLong(client -> client.sources().get(0).loads())
                .sum();
    }

    @Override
    public void close() {
        clients.parallelStream().forEach(FlagClient::close);
    }
}
