package io.pratique.flags;

import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.refreshed;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.pratique.flags.FakeSource.Hold;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A load that does not end: it is interrupted once, has none beside it, and is believed if it ends after all. */
@Tag("F-8")
@Timeout(120)
class OverdueLoadTest {

    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(5);
    private static final AtomicInteger TESTS = new AtomicInteger();

    private final Rig rig = new Rig();
    private final Hold hold = new Hold();

    /** A name of its own in each test: what is logged of the client before may still be on its way. */
    private final String name = "slow-" + TESTS.incrementAndGet();

    private final FakeSource source = FakeSource.of(name, Map.of("a", "off"));

    @AfterEach
    void close() {
        hold.release();
        rig.close();
    }

    private FlagClient client() {
        return rig.client(FlagClient.builder().ttl(TTL).loadTimeout(LOAD_TIMEOUT), source);
    }

    private static SourceStatus status(FlagClient client) {
        return client.sources().get(0);
    }

    @Test
    void isInterruptedAndCountsAsOneFailure() throws Exception {
        FlagClient client = client();
        source.answers(() -> {
            hold.pass();
            return FlagSet.empty();
        });
        CompletionStage<Void> refresh = client.refresh();
        hold.awaitReached();
        rig.advance(LOAD_TIMEOUT);

        assertThat(refresh).succeedsWithin(Eventually.PATIENCE);
        assertThat(source.ended()).isEqualTo(2);
        assertThat(status(client).failedLoads()).isEqualTo(1);
        assertThat(status(client).consecutiveFailures()).isEqualTo(1);
        assertThat(status(client).error()).contains("PT5S");
        assertThat(client.isEnabled("a")).isFalse();
        assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STALE);
    }

    @Test
    void hasNoOtherBesideItHoweverLongItHangs() throws Exception {
        FlagClient client = client();
        source.answers(() -> {
            hold.passStubbornly();
            return FlagSet.of(Map.of("a", "on"));
        });
        rig.advance(TTL);
        hold.awaitReached();
        for (int i = 0; i < 10; i++) {
            rig.advance(TTL);
            CompletionStage<Void> refresh = client.refresh();
            rig.advance(LOAD_TIMEOUT.multipliedBy(2));
            assertThat(refresh).succeedsWithin(Eventually.PATIENCE);
        }

        assertThat(source.started()).isEqualTo(2);
        assertThat(status(client).consecutiveFailures()).isEqualTo(1);
        assertThat(status(client).loadingFor()).isGreaterThan(Duration.ofMinutes(5));
        assertThat(client.isEnabled("a")).isFalse();
        assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STALE);
    }

    @Test
    void isBelievedIfItReturnsInTheEnd() throws Exception {
        FlagClient client = client();
        source.answers(() -> {
            hold.passStubbornly();
            return FlagSet.of(Map.of("a", "on"));
        });
        rig.advance(TTL);
        hold.awaitReached();
        rig.advance(LOAD_TIMEOUT);
        eventually(() -> assertThat(status(client).state()).isEqualTo(SourceStatus.State.STALE));

        hold.release();

        eventually(() -> assertThat(client.isEnabled("a")).isTrue());
        assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STATIC);
        assertThat(status(client).consecutiveFailures()).isZero();
        source.answers(Map.of("a", "off"));
        rig.advance(TTL);
        eventually(() -> assertThat(client.isEnabled("a")).isFalse());
    }

    @Test
    void leavesNoInterruptBehindForTheNext() throws Exception {
        FlagClient client = client();
        source.answers(() -> {
            try {
                hold.pass();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return FlagSet.empty();
        });
        CompletionStage<Void> refresh = client.refresh();
        hold.awaitReached();
        rig.advance(LOAD_TIMEOUT);
        assertThat(refresh).succeedsWithin(Eventually.PATIENCE);

        source.answers(() -> FlagSet.of(Map.of("a", Thread.currentThread().isInterrupted() ? "off" : "on")));
        refreshed(client);

        assertThat(client.isEnabled("a")).isTrue();
    }

    @Test
    void isNeverInterruptedByTheDeadlineOfTheOneBefore() {
        long deadline = 1_000_000;
        AtomicInteger leaks = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        AtomicLong endOfTheLast = new AtomicLong(System.nanoTime());
        source.answers(() -> {
            boolean already = Thread.currentThread().isInterrupted();
            long began = System.nanoTime();
            // Before its own deadline can have passed, only that of the load before can have interrupted.
            if (already && began - endOfTheLast.get() < deadline) {
                leaks.incrementAndGet();
            }
            // About as long as the deadline is, so that the interrupt comes before, at and after the end.
            while (System.nanoTime() < began + deadline * (18 + source.started() % 10) / 20) {
                Thread.onSpinWait();
            }
            if (Thread.currentThread().isInterrupted()) {
                interrupted.incrementAndGet();
            }
            endOfTheLast.set(System.nanoTime());
            return FlagSet.empty();
        });
        rig.onMachineTime(
                FlagClient.builder().ttl(Duration.ofNanos(1)).loadTimeout(Duration.ofNanos(deadline)), source);

        eventually(() -> assertThat(interrupted.get()).isGreaterThan(20));
        eventually(() -> assertThat(source.ended()).isGreaterThan(500));
        assertThat(leaks.get()).isZero();
    }

    @Test
    void isStaleOnceNoLoadHasEndedForTwiceTheTtl() throws Exception {
        FlagClient client = rig.client(FlagClient.builder().ttl(TTL).loadTimeout(Duration.ofDays(1)), source);
        source.answers(() -> {
            hold.passStubbornly();
            return FlagSet.of(Map.of("a", "on"));
        });
        client.override("fence", false, TTL.multipliedBy(2).minusMillis(1), "ends after all that was due before");
        rig.advance(TTL);
        hold.awaitReached();
        rig.advance(TTL.minusMillis(1));
        eventually(() -> assertThat(client.isEnabled("fence")).isTrue());
        assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STATIC);

        rig.advance(Duration.ofMillis(1));
        eventually(() -> assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STALE));
        assertThat(client.isEnabled("a")).isFalse();
        assertThat(status(client).consecutiveFailures()).isZero();

        hold.release();
        eventually(() -> assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STATIC));
        assertThat(client.isEnabled("a")).isTrue();
    }

    @Test
    void isNoOutageToTheLogWhileItIsOnlySlow() throws Exception {
        FlagClient client = rig.client(FlagClient.builder().ttl(TTL).loadTimeout(Duration.ofDays(1)), source);
        for (int load = 0; load < 3; load++) {
            Hold slow = new Hold();
            source.answers(() -> {
                slow.pass();
                return FlagSet.of(Map.of("a", "on"));
            });
            rig.advance(TTL);
            slow.awaitReached();
            rig.advance(TTL.multipliedBy(2));
            eventually(() -> assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STALE));
            slow.release();
            eventually(() -> assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STATIC));
        }

        client.close();

        assertThat(rig.log().events(Level.WARN)).isEmpty();
        assertThat(rig.log().events(Level.INFO, "source", name))
                .extracting(ILoggingEvent::getFormattedMessage)
                .allMatch(line -> line.startsWith("Feature is "));
    }
}
