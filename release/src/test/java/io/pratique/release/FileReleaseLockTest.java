package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may release, among those of one host. */
@Tag("S-5")
class FileReleaseLockTest extends ReleaseLockContract {

    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong(System.nanoTime());

    @Override
    FileReleaseLock lock() {
        return FileReleaseLock.in(directory);
    }

    /** As a virtual machine does that is paused: it gives no sign, and the operating system still has it. */
    @Test
    void holderThatWasSilentForALeaseHasLostIt() throws Exception {
        LockFile.NEW
                .takenBy("ada", "release v2", Instant.now(), Duration.ofSeconds(1))
                .write(directory.resolve("lock.json"));
        try (SignOfLife given = SignOfLife.give(directory.resolve("lock.1.held"));
                Lease next = lock().acquire("bob", "release v3", Duration.ofMinutes(1))) {
            assertThat(given).isNotNull();
            assertThat(next.token()).isEqualTo(2);
        }
    }

    @Test
    void holderThatWakesAfterItsLeaseKnowsWithoutBeingTold() throws Exception {
        FileReleaseLock pausing =
                new FileReleaseLock(directory, Duration.ofHours(1), InstantSource.system(), nanos::get);
        try (Lease held = pausing.acquire("ada", "release v2", Duration.ZERO)) {
            assertThat(held.isHeld()).isTrue();
            nanos.addAndGet(Duration.ofHours(1).toNanos());
            assertThat(held.isHeld()).isFalse();
        }
    }

    /** Whose process is paused, as it were: it stands first, and does not take what is free. */
    @Test
    void oneInLineThatIsPausedKeepsNobodyWaitingForLong() throws Exception {
        LockFile.NEW.withLine(List.of("paused")).write(directory.resolve("lock.json"));
        try (SignOfLife given = SignOfLife.give(directory.resolve("lock.paused.waits"));
                Lease next = lock().lease(Duration.ofSeconds(1)).acquire("bob", "release v3", Duration.ofMinutes(1))) {
            assertThat(given).isNotNull();
            assertThat(next.token()).isEqualTo(1);
        }
    }

    @Test
    void brokenOneLeavesATrace() throws Exception {
        try (Lease held = lock().acquire("ada", "release v2", Duration.ZERO)) {
            assertThat(held.isHeld()).isTrue();
            lock().breakLock("bob", "ada is on leave");
        }
        assertThat(directory.resolve("lock.breaks"))
                .content()
                .contains("bob broke the lock of ada", "(token 1)", "ada is on leave")
                .endsWith("\n");
    }

    @Test
    void fileThatSomethingElseWroteIsNamed() throws Exception {
        Files.writeString(directory.resolve("lock.json"), "{\"token\":1}");

        assertThatThrownBy(() -> lock().acquire("ada", "release v2", Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.resolve("lock.json").toString());
    }
}
