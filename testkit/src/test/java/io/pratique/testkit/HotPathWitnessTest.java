package io.pratique.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HotPathWitnessTest {

    private final AtomicInteger checks = new AtomicInteger();
    private final AtomicBoolean disturbed = new AtomicBoolean();

    /** Undisturbed for the first checks, then whatever the test does. */
    private HotPathWitness witness(BooleanSupplier whenDisturbed) throws InterruptedException {
        return HotPathWitness.of(() -> {
            checks.incrementAndGet();
            return disturbed.get() && whenDisturbed.getAsBoolean();
        });
    }

    private void awaitMoreChecks() {
        int before = checks.get();
        await().until(() -> checks.get() > before + 10_000);
    }

    @Test
    void readingMemoryIsUndisturbed() throws Exception {
        try (HotPathWitness witness = witness(() -> false)) {
            awaitMoreChecks();

            assertThatCode(witness::assertUndisturbed).doesNotThrowAnyException();
            assertThatCode(() -> witness.assertAnswered(false)).doesNotThrowAnyException();
        }
    }

    @Test
    void whatACheckThrewIsTold() throws Exception {
        try (HotPathWitness witness = witness(() -> {
            throw new IllegalStateException("thrown by a check");
        })) {
            disturbed.set(true);
            awaitMoreChecks();
            disturbed.set(false);

            assertThatThrownBy(witness::assertUndisturbed).hasMessageContaining("thrown by a check");
        }
    }

    @Test
    void waitingIsTold() throws Exception {
        try (HotPathWitness witness = witness(() -> {
            LockSupport.parkNanos(1);
            return false;
        })) {
            disturbed.set(true);
            awaitMoreChecks();

            assertThatThrownBy(witness::assertUndisturbed).hasMessageContaining("waited");
        }
    }

    @Test
    void blockingIsTold() throws Exception {
        Object lock = new Object();
        CountDownLatch entered = new CountDownLatch(1);
        try (HotPathWitness witness = witness(() -> {
            entered.countDown();
            synchronized (lock) {
                return false;
            }
        })) {
            synchronized (lock) {
                disturbed.set(true);
                entered.await();
                await().untilAsserted(() ->
                        assertThatThrownBy(witness::assertUndisturbed).hasMessageContaining("blocked"));
            }
        }
    }

    @Test
    void oneOtherAnswerIsTold() throws Exception {
        try (HotPathWitness witness = witness(() -> disturbed.compareAndSet(true, false))) {
            disturbed.set(true);
            await().untilFalse(disturbed);
            awaitMoreChecks();

            assertThatThrownBy(() -> witness.assertAnswered(false)).hasMessageContaining("answered true");
        }
    }

    @Test
    void closingEndsTheThreads() throws Exception {
        witness(() -> false).close();

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("hot-path-witness")));
        assertThat(checks.get()).isPositive();
    }
}
