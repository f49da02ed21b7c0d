package io.pratique.flags;

import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.eventuallyTrue;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.HistoryMark;
import io.pratique.flags.spi.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a restart remembers. How the file is kept is in {@link SnapshotKeepingTest}. */
@Tag("F-9")
@Timeout(120)
class SnapshotFileTest {

    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path directory;

    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final SettableSource source = new SettableSource("db");
    private CapturedLog log;
    private FlagClient flags;

    @BeforeEach
    void capture() {
        log = CapturedLog.of(FlagClient.class);
        source.says(Map.of("mail", "off", "export", "on"));
    }

    @AfterEach
    void close() {
        flags.close();
        log.close();
    }

    private Path file() {
        return directory.resolve("flags.snapshot");
    }

    private String written() throws IOException {
        return Files.exists(file()) ? Files.readString(file()) : "";
    }

    private FlagClient.Builder builder(FlagSource... sources) {
        FlagClient.Builder builder = FlagClient.builder().snapshotFile(file()).clock(clock::get);
        for (FlagSource one : sources) {
            builder.source(one);
        }
        return builder;
    }

    private void start(FlagSource... sources) {
        flags = builder(sources).build();
    }

    private void restart(FlagSource... sources) {
        flags.close();
        start(sources);
    }

    private void restartInAnOutage() {
        source.down(true);
        restart(source);
    }

    private void pass(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
    }

    @Nested
    class ARestartInAnOutage {

        @Test
        void leavesAKilledFlagOff() {
            start(source);

            restartInAnOutage();

            assertThat(flags.isEnabled("mail")).isFalse();
            assertThat(flags.isEnabled("mail", true)).isFalse();
            assertThat(flags.handle("mail").isEnabled()).isFalse();
        }

        @Test
        void leavesAFlagOnThatIsOffByDefault() {
            start(source);

            restartInAnOutage();

            assertThat(flags.isEnabled("export", false)).isTrue();
        }

        @Test
        void showsWhatWasRememberedAsStale() {
            start(source);
            pass(HOUR);

            restartInAnOutage();
            pass(HOUR);

            FlagEvaluation evaluation = flags.evaluate("mail");
            assertThat(evaluation.reason()).isEqualTo(Reason.STALE);
            assertThat(evaluation.errorCode()).isNull();
            assertThat(evaluation.source()).isEqualTo("db");
            assertThat(evaluation.value()).isEqualTo("off");
            assertThat(evaluation.changedAt()).isEqualTo(START);
            assertThat(evaluation.age()).isEqualTo(HOUR.multipliedBy(2));
            assertThat(evaluation.unanswered()).containsExactly("db");
        }

        @Test
        void showsTheSourceAsNotReadyWithTheFlagsItHolds() {
            start(source);

            restartInAnOutage();

            assertThat(flags.sources()).singleElement().satisfies(status -> {
                assertThat(status.state()).isEqualTo(SourceStatus.State.NOT_READY);
                assertThat(status.flags()).isEqualTo(2);
                assertThat(status.lastSuccess()).isEqualTo(START);
                assertThat(status.loads()).isEqualTo(status.failedLoads());
            });
        }

        @Test
        void showsAnAbsentFlagAsNotYetKnown() {
            start(source);

            restartInAnOutage();

            assertThat(flags.isEnabled("absent")).isTrue();
            assertThat(flags.evaluate("absent").errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
        }

        @Test
        void healsWhenTheSourceAnswers() throws Exception {
            start(source);
            restartInAnOutage();

            source.says(Map.of("mail", "on"));
            source.down(false);
            SettableSource.refresh(flags);

            assertThat(flags.isEnabled("mail")).isTrue();
            assertThat(flags.evaluate("mail").reason()).isEqualTo(Reason.STATIC);
            assertThat(flags.evaluate("export").errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
        }

        @Test
        void mayComeAgainAndAgain() {
            start(source);
            for (int i = 0; i < 3; i++) {
                pass(HOUR);
                restartInAnOutage();
            }

            assertThat(flags.isEnabled("mail")).isFalse();
            assertThat(flags.evaluate("mail").changedAt()).isEqualTo(START);
            assertThat(flags.evaluate("mail").age()).isEqualTo(HOUR.multipliedBy(3));
        }

        @Test
        void remembersTenThousandFlags() {
            FlagSet.Builder many = FlagSet.builder();
            IntStream.range(0, 10_000).forEach(i -> many.put("flag-" + i, i % 2 == 0 ? "off" : "on"));
            source.says(many.build());
            start(source);

            restartInAnOutage();

            assertThat(IntStream.range(0, 10_000))
                    .allMatch(i -> flags.isEnabled("flag-" + i, i % 2 == 0) == (i % 2 != 0));
        }

        @Test
        void remembersTheLastValidValueOfOneThatCannotBeRead() throws Exception {
            start(source);
            source.says("mail", "garbage");
            SettableSource.refresh(flags);

            restartInAnOutage();

            FlagEvaluation evaluation = flags.evaluate("mail");
            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.reason()).isEqualTo(Reason.STALE);
            assertThat(evaluation.errorCode()).isEqualTo(ErrorCode.PARSE_ERROR);
            assertThat(evaluation.value()).isEqualTo("off");
            assertThat(evaluation.detail()).contains("garbage");
        }

        @Test
        void remembersThatAValueCouldNeverBeRead() {
            source.says("mail", "garbage");
            start(source);

            restartInAnOutage();

            assertThat(flags.isEnabled("mail")).isTrue();
            assertThat(flags.evaluate("mail").reason()).isEqualTo(Reason.ERROR);
            assertThat(flags.evaluate("mail").errorCode()).isEqualTo(ErrorCode.PARSE_ERROR);
        }

        @Test
        @Tag("F-8")
        void startsInTimeWhenTheSourceHangs() {
            start(source);
            flags.close();
            CountDownLatch never = new CountDownLatch(1);
            FlagSource hung = new FlagSource() {
                @Override
                public FlagSet load() throws InterruptedException {
                    never.await();
                    return FlagSet.empty();
                }

                @Override
                public String name() {
                    return "db";
                }
            };

            flags = builder(hung).startupTimeout(Duration.ofMillis(20)).build();

            assertThat(flags.isEnabled("mail")).isFalse();
            assertThat(flags.evaluate("mail").reason()).isEqualTo(Reason.STALE);
        }
    }

    @Nested
    class ARestartWithOtherSources {

        private final SettableSource env = new SettableSource("env").says("mail", "on");

        @Test
        @Tag("F-5")
        void keepsEachSourceWhatItSaidAndTheirOrder() {
            start(env, source);
            env.down(true);
            source.down(true);

            restart(source, env);

            assertThat(flags.evaluate("mail").source()).isEqualTo("db");
            assertThat(flags.evaluate("mail").shadowed()).containsExactly("env");
            assertThat(flags.evaluate("mail").unanswered()).containsExactly("db", "env");
        }

        @Test
        void letsTheOneThatAnswersStandBesideTheOneThatIsRemembered() {
            start(env, source);
            env.down(true);

            restart(env, source);

            assertThat(flags.evaluate("mail").source()).isEqualTo("env");
            assertThat(flags.evaluate("mail").reason()).isEqualTo(Reason.STALE);
            assertThat(flags.evaluate("export").reason()).isEqualTo(Reason.STATIC);
        }

        @Test
        void forgetsASourceThatIsNoLongerThere() {
            start(env, source);

            restart(env);

            assertThat(flags.evaluate("mail").shadowed()).isEmpty();
            assertThat(flags.evaluate("export").errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
        }
    }

    @Nested
    class ATimeBox {

        private void startWith(String value, Duration left, String covered) {
            source.says(FlagSet.builder()
                    .put("mail", FlagEntry.of(value).ending(left, covered))
                    .build());
            start(source);
        }

        @Test
        void endsAtItsTimeAfterARestart() {
            startWith("off", HOUR, "on");
            pass(Duration.ofMinutes(20));

            restartInAnOutage();
            flags.override("timer", false, Duration.ofMinutes(40).minusNanos(1), "ends just before");
            pass(Duration.ofMinutes(40).minusNanos(1));

            eventuallyTrue(() -> flags.isEnabled("timer"));
            assertThat(flags.isEnabled("mail")).isFalse();
            pass(Duration.ofNanos(1));
            eventuallyTrue(() -> flags.isEnabled("mail"));
            assertThat(flags.evaluate("mail").value()).isEqualTo("on");
            assertThat(flags.evaluate("mail").reason()).isEqualTo(Reason.STALE);
        }

        @Test
        void hasEndedIfItsTimeCameWhileNobodyRan() {
            startWith("off", HOUR, "on");
            flags.close();
            pass(HOUR.multipliedBy(2));

            restartInAnOutage();

            assertThat(flags.isEnabled("mail", false)).isTrue();
            assertThat(flags.evaluate("mail").changedAt()).isEqualTo(START.plus(HOUR));
        }

        @Test
        void leavesNothingIfItCoveredNothing() {
            startWith("off", HOUR, null);
            flags.close();
            pass(HOUR);

            restartInAnOutage();

            assertThat(flags.isEnabled("mail")).isTrue();
            assertThat(flags.evaluate("mail").errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
        }

        @Test
        void thatHasEndedBeforeStaysEnded() {
            startWith("on", HOUR, "off");
            pass(HOUR);
            eventuallyTrue(() -> !flags.isEnabled("mail"));

            restartInAnOutage();

            assertThat(flags.isEnabled("mail")).isFalse();
        }
    }

    @Nested
    @Tag("F-5")
    class AnOverride {

        @Test
        void outlivesTheProcessToItsEnd() {
            start(source);
            flags.override("export", false, HOUR, "INC-7\tdisk full\n");
            pass(Duration.ofMinutes(20));

            restart(source);

            FlagEvaluation evaluation = flags.evaluate("export");
            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.reason()).isEqualTo(Reason.STATIC);
            assertThat(evaluation.source()).isEqualTo("override");
            assertThat(evaluation.changedAt()).isEqualTo(START);
            assertThat(evaluation.detail())
                    .contains("INC-7\\u0009disk full\\u000A")
                    .contains("2026-11-01T11:00:00Z");
            pass(Duration.ofMinutes(40));
            eventuallyTrue(() -> flags.isEnabled("export"));
        }

        @Test
        void isGoneIfItsEndCameWhileNobodyRan() {
            start(source);
            flags.override("export", false, HOUR, "INC-7");
            flags.close();
            pass(HOUR);

            restart(source);

            assertThat(flags.isEnabled("export")).isTrue();
        }

        @Test
        void thatWasLiftedIsNotRemembered() {
            start(source);
            Subscription override = flags.override("export", false, HOUR, "INC-7");
            override.close();

            restart(source);

            assertThat(flags.isEnabled("export")).isTrue();
        }

        @Test
        void thatWasRestoredCanBeReplacedAndLifted() {
            start(source);
            flags.override("export", false, HOUR, "INC-7");
            restart(source);

            flags.override("export", false, HOUR, "to lift it").close();
            assertThat(flags.isEnabled("export")).isTrue();

            restart(source);
            assertThat(flags.isEnabled("export")).isTrue();
        }

        @Test
        void needsNoSource() {
            start();
            flags.override("export", false, HOUR, "INC-7");

            restart();

            assertThat(flags.isEnabled("export")).isFalse();
        }
    }

    @Nested
    class AHistoryMark {

        private final HistoryMark mark = new HistoryMark("epoch\t1", Long.MAX_VALUE, "id-\n", Instant.EPOCH);
        private final AtomicReference<FlagSet> previous = new AtomicReference<>();

        /** Says that nothing has changed since the set that it is given. */
        private final class Confirming implements FlagSource {

            @Override
            public FlagSet load() {
                throw new IllegalStateException("asked for everything");
            }

            @Override
            public FlagSet reload(FlagSet before) {
                previous.compareAndSet(null, before);
                return before;
            }

            @Override
            public String name() {
                return "db";
            }
        }

        @Test
        void isHandedToTheSourceWithTheSetItBelongsTo() {
            FlagEntry boxed = FlagEntry.of("off").ending(HOUR, "on");
            source.says(FlagSet.builder()
                    .put("mail", boxed)
                    .put("export", "off")
                    .historyMark(mark)
                    .build());
            start(source);
            pass(Duration.ofMinutes(20));

            restart(new Confirming());

            assertThat(previous.get().historyMark()).isEqualTo(mark);
            assertThat(previous.get().entries()).containsOnlyKeys("mail", "export");
            assertThat(previous.get().entries().get("export").value()).isEqualTo("off");
            assertThat(flags.isEnabled("export")).isFalse();
            assertThat(flags.evaluate("export").reason()).isEqualTo(Reason.STATIC);
            assertThat(flags.isEnabled("mail")).isFalse();
            pass(Duration.ofMinutes(40));
            eventuallyTrue(() -> flags.isEnabled("mail"));
        }

        @Test
        void isRememberedWithoutAnyFlag() {
            source.says(FlagSet.builder().historyMark(mark).build());
            start(source);

            restart(new Confirming());

            assertThat(previous.get().historyMark()).isEqualTo(mark);
        }

        @Test
        void isWrittenWhenNothingButTheMarkHasMoved() throws Exception {
            source.says(source.load().toBuilder().historyMark(mark).build());
            start(source);
            eventually(() -> assertThat(written()).contains("mail"));
            HistoryMark next = new HistoryMark("epoch\t1", Long.MIN_VALUE, "", Instant.MAX);
            source.says(source.load().toBuilder().historyMark(next).build());
            SettableSource.refresh(flags);

            restart(new Confirming());

            assertThat(previous.get().historyMark()).isEqualTo(next);
        }

        @Test
        void isNeededForASourceToBuildOnWhatAnotherProcessRead() {
            start(source);

            restart(new Confirming());

            assertThat(previous.get()).isNull();
            assertThat(flags.sources().get(0).error()).contains("asked for everything");
            assertThat(flags.isEnabled("mail")).isFalse();
        }
    }

    @Nested
    class WithoutAnOrderlyEnd {

        @Test
        void everyChangeIsWrittenAsItComes() throws Exception {
            start(source);
            for (String said : List.of("on", "off", "on", "off")) {
                source.says("mail", said);
                SettableSource.refresh(flags);

                eventually(() -> assertThat(written()).contains("flag\tmail\t" + said + "\t"));
            }
        }

        @Test
        void anOverrideIsWrittenAsItComesAndGoes() {
            start(source);
            Subscription override = flags.override("export", false, HOUR, "INC-7");
            eventually(() -> assertThat(written()).contains("\noverride\texport\toff\t"));

            override.close();

            eventually(() -> assertThat(written()).doesNotContain("override"));
        }

        @Test
        void nothingIsWrittenWhileNothingChanges() throws Exception {
            start(source);
            eventually(() -> assertThat(written()).contains("mail"));
            Object before = Files.readAttributes(file(), "fileKey,lastModifiedTime");

            for (int i = 0; i < 5; i++) {
                source.says(source.load().toBuilder().build());
                SettableSource.refresh(flags);
            }
            source.down(true);
            SettableSource.refresh(flags);

            assertThat(Files.readAttributes(file(), "fileKey,lastModifiedTime")).isEqualTo(before);
        }

        @Test
        void aFileThatSomebodyRemovesIsWrittenAgain() throws Exception {
            start(source);
            eventually(() -> assertThat(written()).contains("mail"));

            Files.delete(file());
            SettableSource.refresh(flags);

            eventually(() -> assertThat(written()).contains("mail"));
        }
    }
}
