package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every lock of releases does. */
@Tag("S-5")
abstract class ReleaseLockContract {

    /** The lock that is tested, as each of those who release has it. */
    abstract ReleaseLock lock();

    @Test
    void oneHoldsItAndTheOtherIsToldWho() throws Exception {
        try (Lease held = lock().acquire("ada", "release v2", Duration.ZERO)) {
            assertThat(held.isHeld()).isTrue();
            assertThat(held.token()).isEqualTo(1);

            assertThatThrownBy(() -> lock().acquire("bob", "release v3", Duration.ZERO))
                    .isInstanceOf(LockHeldException.class)
                    .hasMessageContaining("ada holds the lock since")
                    .hasMessageContaining("for release v2 (token 1)");
            assertThat(lock().state()).isNotNull().extracting(LockState::stale).isEqualTo(false);
        }
        assertThat(lock().state()).isNull();
    }

    @Test
    void tokensGrow() throws Exception {
        for (int i = 1; i <= 3; i++) {
            try (Lease held = lock().acquire("ada", "release", Duration.ZERO)) {
                assertThat(held.token()).isEqualTo(i);
            }
        }
    }

    @Test
    void thoseWhoWaitAreServedInLine() throws Exception {
        List<String> served = Collections.synchronizedList(new ArrayList<>());
        List<Thread> waiting = new ArrayList<>();
        try (Lease held = lock().acquire("ada", "release", Duration.ZERO)) {
            assertThat(held.isHeld()).isTrue();
            for (String name : List.of("bob", "cyd", "dan")) {
                Thread thread = new Thread(() -> {
                    try (Lease got = lock().acquire(name, "release", Duration.ofMinutes(1))) {
                        served.add(name + got.token());
                    } catch (Exception e) {
                        served.add(e.toString());
                    }
                });
                thread.start();
                waiting.add(thread);
                await().until(() -> lock().state().waiting() == waiting.size());
            }
        }
        for (Thread thread : waiting) {
            thread.join();
        }

        assertThat(served).containsExactly("bob2", "cyd3", "dan4");
    }

    @Test
    void brokenOneIsLost() throws Exception {
        try (Lease held = lock().acquire("ada", "release v2", Duration.ZERO)) {
            assertThat(lock().breakLock("bob", "ada is on leave")).isNotNull();

            assertThat(held.isHeld()).isFalse();
            try (Lease next = lock().acquire("bob", "release v3", Duration.ZERO)) {
                assertThat(next.token()).isEqualTo(2);
            }
            assertThat(lock().breakLock("bob", "again")).isNull();
        }
    }

    @Test
    void threadThatIsInterruptedWaitsNoLonger() throws Exception {
        try (Lease held = lock().acquire("ada", "release v2", Duration.ZERO)) {
            assertThat(held.isHeld()).isTrue();
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> lock().acquire("bob", "release v3", Duration.ofMinutes(1)))
                    .isInstanceOf(InterruptedException.class);
        }
        assertThat(lock().state()).isNull();
    }
}
