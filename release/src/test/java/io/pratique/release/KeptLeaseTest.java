package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a holder knows of its lease while the server is away. */
@Tag("S-5")
class KeptLeaseTest {

    private static final long LEASE = Duration.ofSeconds(10).toNanos();

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();

    /** A server that is away for some questions, each of which takes two seconds. */
    private Lease lease(int questions) {
        KeptLease.Signs signs = new KeptLease.Signs() {
            @Override
            public boolean give() throws IOException {
                if (asked.incrementAndGet() <= questions) {
                    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
                    throw new IOException("the server is away");
                }
                return true;
            }

            @Override
            public void end() {}
        };
        return new KeptLease(1, LEASE, 0, nanos::get, signs);
    }

    /** As when the release itself starts the lock's server again. */
    @Test
    void isHeldIfItCanTellBeforeItRunsOut() {
        try (Lease lease = lease(3)) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(asked).hasValue(4);
        }
    }

    @Test
    void isLostOnceItHasRunOut() {
        try (Lease lease = lease(Integer.MAX_VALUE)) {
            assertThat(lease.isHeld()).isFalse();
            assertThat(asked).hasValue(5);
            assertThat(lease.isHeld()).as("for good").isFalse();
            assertThat(asked).hasValue(5);
        }
    }

    @Test
    void isNotAskedForByWhoIsInterrupted() {
        try (Lease lease = lease(Integer.MAX_VALUE)) {
            Thread.currentThread().interrupt();
            assertThat(lease.isHeld()).isFalse();
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
