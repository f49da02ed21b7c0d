package io.pratique.release.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import io.pratique.release.InconclusiveException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a release makes of a probe's answers. */
@Tag("S-3")
class ProbeCheckTest {

    private static final Duration SOON = Duration.ofMillis(50);

    /** Short only where it is to be over: a machine that is busy takes its time for any answer. */
    private Duration timeout = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final AtomicInteger asked = new AtomicInteger();

    private ProbeCheck check(Probe probe) {
        return ProbeCheck.of("database", new Probe() {
                    @Override
                    public ProbeResult check() throws Exception {
                        asked.incrementAndGet();
                        return probe.check();
                    }

                    @Override
                    public ProbeSettings settings() {
                        return ProbeSettings.defaults().timeout(timeout);
                    }
                })
                .apart(Duration.ZERO);
    }

    private Trial trial(Probe probe) throws Exception {
        return Trial.of(directory, check(probe));
    }

    @Test
    void upPasses() throws Exception {
        Trial trial = trial(ProbeResult::up);

        assertThat(trial.thrown()).isNull();
        assertThat(trial.told()).isEqualTo("\"database\" is UP (ok)");
    }

    @Test
    void downFailsAtOnce() throws Exception {
        assertThat(trial(() -> ProbeResult.down("it is gone")).thrown())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("\"database\" is DOWN (down: it is gone)");
        assertThat(asked).hasValue(1);
    }

    @Test
    void whatIsEvidenceOfDownFails() throws Exception {
        Trial trial = trial(() -> {
            throw new IllegalStateException(new ConnectException("refused"));
        });

        assertThat(trial.thrown()).isInstanceOf(IllegalStateException.class).hasMessageContaining("is DOWN");
    }

    @Test
    void whatIsNoEvidenceTellsNothing() throws Exception {
        Trial trial = trial(() -> {
            throw new NullPointerException("a bug");
        });

        assertThat(trial.thrown())
                .isInstanceOf(InconclusiveException.class)
                .hasMessageContainingAll("is BROKEN", "a bug");
        assertThat(asked).hasValue(1);
    }

    @Test
    void saturatedIsAskedAgainAndThenTellsNothing() throws Exception {
        Trial trial = trial(() -> ProbeResult.saturated("the pool is full"));

        assertThat(trial.thrown()).isInstanceOf(InconclusiveException.class).hasMessageContaining("the pool is full");
        assertThat(asked).hasValue(3);
        assertThat(trial.told()).contains("attempt 1: ", "attempt 2: ").doesNotContain("attempt 3");
    }

    @Test
    void saturatedMayPassInTheEnd() throws Exception {
        Trial trial = trial(() -> asked.get() < 3 ? ProbeResult.saturated("full") : ProbeResult.up());

        assertThat(trial.thrown()).isNull();
    }

    @Test
    void aTimeoutIsAskedAgainAndThenFails() throws Exception {
        timeout = SOON;
        Trial trial = trial(() -> {
            new CountDownLatch(1).await();
            return ProbeResult.up();
        });

        assertThat(trial.thrown())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("is TIMEOUT", SOON.toString());
        assertThat(asked).hasValue(3);
    }

    @Test
    void aProbeThatDoesNotEndIsNotEnteredTwice() throws Exception {
        timeout = SOON;
        CountDownLatch over = new CountDownLatch(1);
        try {
            Trial trial = trial(() -> {
                while (over.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return ProbeResult.up();
            });

            assertThat(trial.thrown()).isInstanceOf(IllegalStateException.class).hasMessageContaining("is TIMEOUT");
            assertThat(asked).hasValue(1);
        } finally {
            over.countDown();
        }
    }

    @Test
    void aCheckThatGetsNoThreadTellsNothing() throws Exception {
        Trial trial = Trial.of(directory, check(ProbeResult::up).threads(work -> null));

        assertThat(trial.thrown()).isInstanceOf(InconclusiveException.class).hasMessageContaining("no thread");
        assertThat(asked).hasValue(0);
    }

    @Test
    void wantsANameAndAProbe() {
        assertThatThrownBy(() -> ProbeCheck.of(" ", ProbeResult::up)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProbeCheck.of("database", null)).hasMessageContaining("\"database\"");
        assertThatThrownBy(() -> check(ProbeResult::up).times(0)).hasMessageContaining("\"0\"");
    }
}
