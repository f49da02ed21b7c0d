package io.pratique.flags;

import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.eventuallyTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Level;
import io.pratique.flags.spi.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("F-5")
class OverrideTest {

    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final SettableSource upper = new SettableSource("upper");
    private final SettableSource lower = new SettableSource("lower");
    private FlagClient flags;

    @BeforeEach
    void build() {
        upper.says("mail", "on");
        lower.says("mail", "on").says("export", "off");
        flags = FlagClient.builder()
                .source(upper)
                .source(lower)
                .clock(clock::get)
                .build();
    }

    @AfterEach
    void close() {
        flags.close();
    }

    private void pass(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
    }

    @Nested
    class InForce {

        @Test
        void answersAboveAllSources() {
            FlagHandle handle = flags.handle("mail");

            flags.override("mail", false, HOUR, "INC-7");

            assertThat(flags.isEnabled("mail")).isFalse();
            assertThat(flags.isEnabled("mail", true)).isFalse();
            assertThat(flags.isEnabled(Flag.of("mail"))).isFalse();
            assertThat(handle.isEnabled()).isFalse();
            assertThat(flags.handle(Flag.of("mail")).isEnabled()).isFalse();
        }

        @Test
        void showsAsAStaticSourceThatShadowsTheOthers() {
            pass(Duration.ofMinutes(5));

            flags.override("mail", false, HOUR, "INC-7");
            pass(Duration.ofMinutes(1));

            FlagEvaluation evaluation = flags.evaluate("mail");
            assertThat(evaluation.enabled()).isFalse();
            assertThat(evaluation.reason()).isEqualTo(Reason.STATIC);
            assertThat(evaluation.errorCode()).isNull();
            assertThat(evaluation.source()).isEqualTo("override");
            assertThat(evaluation.value()).isEqualTo("off");
            assertThat(evaluation.changedAt()).isEqualTo(START.plusSeconds(300));
            assertThat(evaluation.age()).isEqualTo(Duration.ZERO);
            assertThat(evaluation.detail()).isEqualTo("\"INC-7\" until 2026-11-01T11:05:00Z");
            assertThat(evaluation.shadowed()).containsExactly("upper", "lower");
            assertThat(evaluation.shadowsOff()).isFalse();
        }

        @Test
        void tellsThatItHidesAnOff() {
            try (CapturedLog log = CapturedLog.of(FlagClient.class)) {
                flags.override("export", true, HOUR, "customer waits");

                assertThat(flags.isEnabled("export")).isTrue();
                assertThat(flags.evaluate("export").shadowsOff()).isTrue();
                assertThat(flags.evaluate("export").shadowed()).containsExactly("lower");
                eventually(() -> assertThat(log.messages(Level.WARN))
                        .filteredOn(message -> message.startsWith("An off is shadowed"))
                        .singleElement()
                        .asString()
                        .contains("export=on", "source override"));
            }
        }

        @Test
        void beatsTheDefaultWhereNoSourceHoldsTheKey() {
            flags.override("absent", false, HOUR, "INC-7");

            assertThat(flags.isEnabled("absent")).isFalse();
            assertThat(flags.isEnabled("absent", true)).isFalse();
            assertThat(flags.evaluate("absent").shadowed()).isEmpty();
        }

        @Test
        void staysThroughLoadsAndOutages() throws Exception {
            flags.override("mail", false, HOUR, "INC-7");

            upper.says("mail", "yes");
            SettableSource.refresh(flags);
            assertThat(flags.evaluate("mail").source()).isEqualTo("override");

            upper.down(true);
            lower.down(true);
            SettableSource.refresh(flags);
            assertThat(flags.evaluate("mail").reason()).isEqualTo(Reason.STATIC);
            assertThat(flags.isEnabled("mail")).isFalse();
        }

        @Test
        void concernsItsOwnKeyOnly() {
            flags.override("mail", false, HOUR, "INC-7");

            assertThat(flags.isEnabled("Mail")).isTrue();
            assertThat(flags.isEnabled("mail ")).isTrue();
            assertThat(flags.evaluate("export").source()).isEqualTo("lower");
        }

        @Test
        void isToldToListenersAndToTheLog() throws Exception {
            BlockingQueue<FlagChange> told = new LinkedBlockingQueue<>();
            flags.onChange(told::add);

            try (CapturedLog log = CapturedLog.of(FlagClient.class)) {
                flags.override("mail", false, HOUR, "INC\n7");

                FlagChange change = told.poll(1, TimeUnit.MINUTES);
                assertThat(change.before().source()).isEqualTo("upper");
                assertThat(change.after().source()).isEqualTo("override");
                assertThat(log.events(Level.WARN, "flag", "mail"))
                        .singleElement()
                        .satisfies(event -> {
                            assertThat(CapturedLog.value(event, "enabled")).isEqualTo(false);
                            assertThat(event.getFormattedMessage())
                                    .contains("mail", "off", "2026-11-01T11:00:00Z", "INC\\u000A7");
                        });
            }
        }

        @Test
        void thatChangesNoAnswerIsNoChange() throws Exception {
            BlockingQueue<FlagChange> told = new LinkedBlockingQueue<>();
            flags.onChange(told::add);

            flags.override("mail", true, HOUR, "hold it on");
            flags.override("export", true, HOUR, "and this");

            assertThat(told.poll(1, TimeUnit.MINUTES).key()).isEqualTo("export");
        }
    }

    @Nested
    class Ending {

        @Test
        void happensByItselfAtItsTime() {
            FlagHandle handle = flags.handle("mail");
            flags.override("mail", false, HOUR, "INC-7");

            pass(HOUR);

            eventuallyTrue(() -> flags.isEnabled("mail"));
            assertThat(handle.isEnabled()).isTrue();
            assertThat(flags.evaluate("mail").source()).isEqualTo("upper");
        }

        @Test
        void doesNotWaitForASource() throws Exception {
            flags.override("mail", false, HOUR, "INC-7");
            upper.down(true);
            lower.down(true);
            SettableSource.refresh(flags);

            pass(HOUR);

            eventuallyTrue(() -> flags.isEnabled("mail"));
            assertThat(flags.evaluate("mail").reason()).isEqualTo(Reason.STALE);
        }

        @Test
        void isNeverEarly() {
            flags.override("mail", false, HOUR, "INC-7");
            flags.override("absent", false, HOUR.minusMillis(1), "ends just before");

            pass(HOUR.minusMillis(1));

            eventuallyTrue(() -> flags.isEnabled("absent"));
            assertThat(flags.isEnabled("mail")).isFalse();
        }

        @Test
        void comesToEachAtItsOwnTime() {
            flags.override("c", false, Duration.ofMinutes(3), "INC-7");
            flags.override("a", false, Duration.ofMinutes(1), "INC-7");
            flags.override("b", false, Duration.ofMinutes(2), "INC-7");

            pass(Duration.ofMinutes(1));
            eventuallyTrue(() -> flags.isEnabled("a"));
            assertThat(List.of(flags.isEnabled("b"), flags.isEnabled("c"))).containsExactly(false, false);
            pass(Duration.ofMinutes(1));
            eventuallyTrue(() -> flags.isEnabled("b"));
            assertThat(flags.isEnabled("c")).isFalse();
            pass(Duration.ofMinutes(1));
            eventuallyTrue(() -> flags.isEnabled("c"));
        }

        @Test
        void stillComesAfterTheClockWasSetBack() {
            flags.override("mail", false, HOUR, "INC-7");
            pass(HOUR.negated());
            flags.override("absent", false, Duration.ofMinutes(1), "shows that the timer runs");
            pass(Duration.ofMinutes(1));
            eventuallyTrue(() -> flags.isEnabled("absent"));
            assertThat(flags.isEnabled("mail")).isFalse();

            pass(HOUR.multipliedBy(2));

            eventuallyTrue(() -> flags.isEnabled("mail"));
        }

        @Test
        void mayBeAnEternityAway() {
            assertThatCode(() -> flags.override("mail", false, Duration.ofSeconds(Long.MAX_VALUE), "for ever"))
                    .doesNotThrowAnyException();

            pass(Duration.ofDays(365));
            flags.override("absent", false, Duration.ofMinutes(1), "shows that the timer runs");
            pass(Duration.ofMinutes(1));
            eventuallyTrue(() -> flags.isEnabled("absent"));
            assertThat(flags.isEnabled("mail")).isFalse();
        }
    }

    @Nested
    class Lifting {

        @Test
        void isClosing() {
            Subscription override = flags.override("mail", false, HOUR, "INC-7");

            override.close();

            assertThat(flags.isEnabled("mail")).isTrue();
            assertThat(flags.evaluate("mail").source()).isEqualTo("upper");
        }

        @Test
        void mayBeDoneAgain() {
            Subscription override = flags.override("mail", false, HOUR, "INC-7");
            override.close();

            assertThatCode(override::close).doesNotThrowAnyException();
            assertThat(flags.isEnabled("mail")).isTrue();
        }

        @Test
        void ofOneThatHasEndedDoesNotLiftTheNext() {
            Subscription ended = flags.override("mail", false, HOUR, "INC-7");
            pass(HOUR);
            eventuallyTrue(() -> flags.isEnabled("mail"));
            flags.override("mail", false, HOUR, "INC-7");

            ended.close();

            assertThat(flags.isEnabled("mail")).isFalse();
        }

        @Test
        void afterTheClientWasClosedThrowsNothing() {
            Subscription override = flags.override("mail", false, HOUR, "INC-7");
            flags.close();

            assertThatCode(override::close).doesNotThrowAnyException();
        }
    }

    @Nested
    class Replacing {

        @Test
        void isOverridingTheSameKeyAgain() {
            flags.override("mail", false, HOUR, "INC-7");

            flags.override("mail", true, HOUR, "INC-8");

            assertThat(flags.isEnabled("mail")).isTrue();
            assertThat(flags.evaluate("mail").detail()).contains("INC-8");
        }

        @Test
        void leavesTheOlderNothingToClose() {
            Subscription older = flags.override("mail", true, HOUR, "INC-7");
            flags.override("mail", false, HOUR, "INC-7");

            older.close();

            assertThat(flags.isEnabled("mail")).isFalse();
        }

        @Test
        void byOneLikeItLeavesTheOlderNothingToCloseEither() {
            Subscription older = flags.override("mail", false, HOUR, "INC-7");
            flags.override("mail", false, HOUR, "INC-7");

            older.close();

            assertThat(flags.isEnabled("mail")).isFalse();
        }

        @Test
        void doesNotBringTheOlderBack() {
            flags.override("mail", false, HOUR, "INC-7");
            Subscription newer = flags.override("mail", false, HOUR, "INC-8");

            newer.close();

            assertThat(flags.isEnabled("mail")).isTrue();
        }

        @Test
        void replacesTheEndToo() {
            flags.override("mail", false, Duration.ofMinutes(1), "INC-7");
            flags.override("mail", false, HOUR, "INC-7");
            flags.override("absent", false, Duration.ofMinutes(2), "shows that the first end has passed");

            pass(Duration.ofMinutes(2));

            eventuallyTrue(() -> flags.isEnabled("absent"));
            assertThat(flags.isEnabled("mail")).isFalse();
            pass(HOUR);
            eventuallyTrue(() -> flags.isEnabled("mail"));
        }
    }

    @Nested
    class Refused {

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " ", "\n"})
        void withoutAKey(String key) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flags.override(key, false, HOUR, "INC-7"))
                    .withMessageStartingWith("flag key must be 1 to 256 characters and not blank");
        }

        @Test
        void withAnOverlongKey() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flags.override("k".repeat(10_000), false, HOUR, "INC-7"))
                    .withMessageContaining("(10000 characters)");
        }

        @Test
        void withoutAnEnd() {
            for (Duration refused : new Duration[] {null, Duration.ZERO, Duration.ofSeconds(-1)}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> flags.override("mail", false, refused, "INC-7"))
                        .withMessage("lasting of an override must be longer than zero, but is \"" + refused
                                + "\"; give a positive duration");
            }
            assertThat(flags.isEnabled("mail")).isTrue();
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " ", "\t\n"})
        void withoutAReason(String reason) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flags.override("mail", false, HOUR, reason))
                    .withMessage("reason of an override of \"mail\" must not be blank; say why the glass is broken");
            assertThat(flags.isEnabled("mail")).isTrue();
        }

        @Test
        void byAClosedClient() {
            flags.close();

            assertThatIllegalStateException()
                    .isThrownBy(() -> flags.override("mail", false, HOUR, "INC-7"))
                    .withMessageContaining("closed");
            assertThat(flags.isEnabled("mail")).isTrue();
        }

        @Test
        @Tag("F-11")
        void byAStrictClientIfTheKeyIsNotDeclared() {
            try (FlagClient strict =
                    FlagClient.builder().declare(Flag.of("mail")).strict().build()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> strict.override("mial", false, HOUR, "INC-7"))
                        .withMessageContainingAll("\"mial\"", "is not declared");

                strict.override("mail", false, HOUR, "INC-7");
                assertThat(strict.isEnabled("mail")).isFalse();
            }
        }
    }
}
