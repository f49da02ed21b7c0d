package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.release.incidents.Incidents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine's clock tells people when something was; what is done and who may do it does not hang on it. */
@Tag("S-2")
class ClockJumpTest {

    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration LEASE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final AtomicInteger looks = new AtomicInteger();
    private Path releases;
    private World world;

    /** Each look at it finds another year, now before and now after the last one. */
    private final InstantSource jumping = () -> {
        int look = looks.getAndIncrement();
        return Instant.parse("2026-11-01T10:00:00Z").plus(YEAR.multipliedBy(look % 2 == 0 ? -look : look));
    };

    @BeforeEach
    void makeWorld() throws Exception {
        world = World.old(Files.createDirectories(directory.resolve("world")));
        releases = directory.resolve("releases");
    }

    private Release.Builder release(String version) {
        return world.release(version, releases)
                .clock(jumping)
                .lock(new FileReleaseLock(releases, LEASE, jumping, System::nanoTime));
    }

    @Test
    void keepsReleasesInTheirOrderAndToTheirEnds() throws Exception {
        assertThat(release("v1").build().run().outcome()).isEqualTo(ReleaseOutcome.DONE);
        assertThat(release("v2").build().run().outcome()).isEqualTo(ReleaseOutcome.DONE);
        assertThat(release("v2").build().rollBack("no").outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        Incidents incidents = Incidents.in(releases).clock(jumping);

        ReleaseHistory history = ReleaseHistory.in(releases);
        assertThat(history.releases()).extracting(ReleaseRecord::id).containsExactly("2-v2", "1-v1");
        assertThat(history.currentVersion()).isEqualTo("v1");
        assertThat(release("v3").build().run().outcome()).isEqualTo(ReleaseOutcome.DONE);
        assertThat(incidents.openFor(history.releases().get(0))).isNotNull();
        // Nothing takes less than no time.
        ShownMetrics shown =
                ShownMetrics.of(ReleaseMetrics.in(releases).clock(jumping).toText());
        assertThat(shown.samples().entrySet())
                .filteredOn(sample ->
                        sample.getKey().contains("seconds") && !sample.getKey().contains("timestamp"))
                .isNotEmpty()
                .allMatch(sample -> sample.getValue() >= 0);
    }

    @Test
    @Tag("S-5")
    void takesTheLockFromNobody() throws Exception {
        InstantSource past = () -> Instant.EPOCH;
        InstantSource future = () -> Instant.parse("2126-11-01T10:00:00Z");
        for (InstantSource holder : new InstantSource[] {past, future}) {
            for (InstantSource other : new InstantSource[] {past, future}) {
                FileReleaseLock held = new FileReleaseLock(releases, LEASE, holder, System::nanoTime);
                try (Lease lease = held.acquire("ada", "release v1", Duration.ZERO)) {
                    FileReleaseLock wanted = new FileReleaseLock(releases, LEASE, other, System::nanoTime);
                    assertThat(wanted.state().stale()).isFalse();
                    assertThatThrownBy(() -> wanted.acquire("bob", "release v2", Duration.ZERO))
                            .isInstanceOf(LockHeldException.class);
                    assertThat(lease.isHeld()).isTrue();
                }
                assertThat(held.state()).isNull();
            }
        }
    }
}
