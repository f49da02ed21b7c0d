package io.pratique.flags;

import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.refreshed;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.pratique.flags.FakeSource.Hold;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.HistoryMark;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A source that is away, slow or hung: what it said last stays in force, and it is asked again and again. */
@Tag("F-8")
@Timeout(120)
class OutageTest {

    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(5);
    private static final AtomicInteger TESTS = new AtomicInteger();

    private final Rig rig = new Rig();
    private final Hold hold = new Hold();

    /** A name of its own in each test: what is logged of the client before may still be on its way. */
    private final String name = "store-" + TESTS.incrementAndGet();

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

    @Nested
    class Failures {

        static Stream<Throwable> kinds() {
            return Stream.of(
                    new IOException("refused"),
                    new IllegalStateException("broken"),
                    new Error("worse"),
                    new StackOverflowError("deep"),
                    new OutOfMemoryError("on purpose"),
                    new NoClassDefFoundError("gone"),
                    new AssertionError("wrong"),
                    new InterruptedException("by whomever"));
        }

        @ParameterizedTest
        @MethodSource("kinds")
        void ofAnyKindLeaveTheLastSetInForceAndTheLoopAlive(Throwable thrown) {
            FlagClient client = client();
            source.answers(() -> {
                throw OutageTest.<RuntimeException>sneaky(thrown);
            });
            refreshed(client);
            refreshed(client);

            assertThat(client.isEnabled("a")).isFalse();
            assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STALE);
            assertThat(status(client).consecutiveFailures()).isEqualTo(2);
            assertThat(status(client).error()).contains(thrown.getMessage());

            source.answers(Map.of("a", "on"));
            refreshed(client);
            assertThat(client.isEnabled("a")).isTrue();
            assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STATIC);
        }

        @Test
        void ofAStackThatReallyOverflowsAreSurvived() {
            FlagClient client = client();
            source.answers(() -> FlagSet.of(Map.of("a", "on", "depth", String.valueOf(dive(0)))));
            refreshed(client);

            assertThat(status(client).error()).contains("StackOverflowError");
            source.answers(Map.of("a", "on"));
            refreshed(client);
            assertThat(client.isEnabled("a")).isTrue();
        }

        @SuppressWarnings("InfiniteRecursion") // that is the point
        private int dive(int depth) {
            return dive(depth + 1) + 1;
        }

        @Test
        void byASetThatIsNullAreFailures() {
            FlagClient client = client();
            source.answers(() -> null);
            refreshed(client);

            assertThat(client.isEnabled("a")).isFalse();
            assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STALE);
            assertThat(status(client).failedLoads()).isEqualTo(1);
        }

        @Test
        void areLoggedOnTransitionOnly() {
            FlagClient client = client();
            source.fails();
            refreshed(client);
            refreshed(client);
            refreshed(client);
            source.answers(Map.of("a", "off"));
            refreshed(client);
            refreshed(client);

            assertThat(rig.log().events(Level.WARN, "source", name)).hasSize(1);
            assertThat(rig.log().events(Level.INFO, "source", name))
                    .filteredOn(event -> event.getFormattedMessage().contains("answers again"))
                    .hasSize(1);
        }

        /** A server that was away, and comes back without its data: whoever has seen the first warning has to see this. */
        @Test
        @Tag("B-7")
        void thatLoseHistoryAreLoggedOnceThoughTheSourceHadFailedBefore() {
            FlagClient client = client();
            FlagSet seen = FlagSet.builder()
                    .put("a", "off")
                    .historyMark(new HistoryMark("first", 1, "x", Instant.EPOCH))
                    .build();
            source.fails();
            refreshed(client);
            source.answers(() -> FlagSet.empty().following(seen, false, Set.of()));
            refreshed(client);
            source.fails();
            refreshed(client);
            source.answers(() -> FlagSet.empty().following(seen, false, Set.of()));
            refreshed(client);

            assertThat(rig.log().events(Level.WARN, "source", name))
                    .extracting(event -> event.getFormattedMessage().contains("history \"first\""))
                    .containsExactly(false, true);
        }

        @Test
        void neverResurrectWhatWasKilled() {
            FlagClient client = client();
            FlagHandle handle = client.handle("a");
            source.fails();
            for (int day = 0; day < 10; day++) {
                failsOnceMoreWithin(Duration.ofDays(1), client);
                assertThat(client.isEnabled("a")).isFalse();
                assertThat(handle.isEnabled()).isFalse();
            }
            assertThat(client.evaluate("a").age()).isGreaterThanOrEqualTo(Duration.ofDays(10));
        }

        @Test
        void areRetriedSoonAtFirstAndThenWithinOneTtlForEver() {
            FlagClient client = client();
            source.fails();

            failsOnceMoreWithin(TTL.dividedBy(16), client);
            for (int i = 0; i < 12; i++) {
                failsOnceMoreWithin(TTL, client);
            }
        }

        private void failsOnceMoreWithin(Duration time, FlagClient client) {
            // Once a refresh has completed, the next poll has its time.
            refreshed(client);
            long failures = status(client).failedLoads();
            rig.advance(time);
            eventually(() -> assertThat(status(client).failedLoads()).isGreaterThan(failures));
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // throws what its caller may not declare
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Nested
    @Tag("F-4")
    class Polls {

        @Test
        void seeAChangeWithinOneTtlWithoutAnyPush() {
            FlagClient client = client();
            for (int i = 0; i < 20; i++) {
                boolean enabled = i % 2 == 0;
                source.answers(Map.of("a", enabled ? "on" : "off"));
                rig.advance(TTL.multipliedBy(8).dividedBy(10));
                eventually(() -> assertThat(client.isEnabled("a")).isEqualTo(enabled));
            }
        }

        @Test
        void runBackToBackAndNeverTwoAtOnceWhereTheTtlIsShorterThanALoad() {
            rig.onMachineTime(FlagClient.builder().ttl(Duration.ofNanos(1)), source);

            eventually(() -> assertThat(source.ended()).isGreaterThan(1_000));
            assertThat(source.mostAtOnce()).isEqualTo(1);
        }
    }

    @Nested
    @Tag("B-4")
    class TimeBoxedKills {

        @Test
        void endOnTimeInAnOutageWithWhatTheyCovered() {
            FlagSet kills = FlagSet.builder()
                    .put("a", FlagEntry.of("off").ending(Duration.ofMinutes(10), "on"))
                    .put("b", FlagEntry.of("off").ending(Duration.ofMinutes(20), null))
                    .put("c", FlagEntry.of("on").ending(Duration.ofMinutes(20), "off"))
                    .build();
            source.answers(() -> kills);
            FlagClient client = client();
            FlagHandle handle = client.handle("a");
            source.fails();
            refreshed(client);
            assertThat(client.isEnabled("a")).isFalse();

            rig.advance(Duration.ofMinutes(10));
            eventually(() -> assertThat(client.isEnabled("a")).isTrue());
            eventually(() -> assertThat(handle.isEnabled()).isTrue());
            assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STALE);
            assertThat(client.evaluate("a").value()).isEqualTo("on");
            assertThat(client.isEnabled("b")).isFalse();

            rig.advance(Duration.ofMinutes(10));
            eventually(() -> assertThat(client.isEnabled("b")).isTrue());
            eventually(() -> assertThat(client.isEnabled("c")).isFalse());
            assertThat(client.evaluate("b").errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
        }

        @Test
        void endOnTimeUnderATextThatCannotBeRead() {
            FlagSet kill = FlagSet.builder()
                    .put("a", FlagEntry.of("off").ending(Duration.ofMinutes(10), "on"))
                    .build();
            source.answers(() -> kill);
            FlagClient client = client();
            source.answers(Map.of("a", "banana"));
            refreshed(client);
            assertThat(client.isEnabled("a")).isFalse();

            rig.advance(Duration.ofMinutes(10));

            eventually(() -> assertThat(client.isEnabled("a")).isTrue());
            assertThat(client.evaluate("a").errorCode()).isEqualTo(ErrorCode.PARSE_ERROR);
        }
    }
}
