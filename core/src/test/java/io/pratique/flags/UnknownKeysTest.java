package io.pratique.flags;

import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.eventuallyTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("F-11")
class UnknownKeysTest {

    private final SettableSource source = new SettableSource("db").says("mail", "off");
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-11-01T10:00:00Z"));
    private CapturedLog log;
    private FlagClient flags;

    @BeforeEach
    void build() {
        log = CapturedLog.of(FlagClient.class);
        flags = client();
    }

    private FlagClient client() {
        return FlagClient.builder()
                .source(source)
                .declare(Flag.of("beta").defaultOff(), Flag.of("timer-has-run"))
                .clock(clock::get)
                .build();
    }

    @AfterEach
    void close() {
        flags.close();
        log.close();
    }

    private static List<String> randomKeys(int count) {
        Random random = new Random(7);
        return random.longs().distinct().limit(count).mapToObj(i -> "key-" + i).toList();
    }

    private List<String> reported() {
        return log.events(Level.INFO).stream()
                .filter(event -> event.getFormattedMessage().contains("is in no source"))
                .map(event -> String.valueOf(CapturedLog.value(event, "flag")))
                .toList();
    }

    /** Lets the reporting of what was asked so far come due, and waits until the timer has passed that moment. */
    private void letReportsComeDue() {
        flags.override("timer-has-run", false, Duration.ofSeconds(10), "shows that the timer has run");
        clock.updateAndGet(now -> now.plusSeconds(10));
        eventuallyTrue(() -> flags.isEnabled("timer-has-run"));
    }

    @Nested
    class TenThousandRandomKeys {

        private static final int ROUNDS = 2_000;

        private final List<String> keys = randomKeys(10_000);

        @Test
        void haveTheDefault() {
            assertThat(keys).allMatch(key -> flags.isEnabled(key)).noneMatch(key -> flags.isEnabled(key, false));
        }

        @Test
        void areRememberedToTheFirstThousandAndCountedFromThere() {
            keys.forEach(flags::isEnabled);

            assertThat(flags.unknownKeys().keys()).hasSize(1_000).isSorted();
            assertThat(flags.unknownKeys().keys()).containsExactlyInAnyOrderElementsOf(keys.subList(0, 1_000));
            assertThat(flags.unknownKeys().further()).isEqualTo(9_000);
        }

        @Test
        void leaveNothingBehindBeyondTheFirstThousand() {
            List<WeakReference<String>> others = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                String key = "made-up-" + i;
                assertThat(flags.isEnabled(key)).isTrue();
                assertThat(flags.evaluate(key).errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
                assertThat(flags.handle(key).isEnabled()).isTrue();
                if (i >= 1_000) {
                    others.add(new WeakReference<>(key));
                }
            }
            letReportsComeDue();

            eventually(() -> {
                System.gc();
                // Handles live in a cache that drops them one step after their owners did.
                assertThat(flags.handle("mail").isEnabled()).isFalse();
                assertThat(others).filteredOn(other -> other.get() != null).hasSizeLessThan(10);
            });
        }

        @Test
        void areCountedRightWhenThreadsAskAtOnce() throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Future<?>> asking = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(thread -> threads.submit(() -> {
                        for (int i = thread; i < keys.size(); i += 8) {
                            flags.isEnabled(keys.get(i));
                        }
                    }))
                    .toList();
            for (Future<?> one : asking) {
                one.get(1, TimeUnit.MINUTES);
            }
            threads.shutdown();

            assertThat(flags.unknownKeys().keys()).hasSize(1_000).isSubsetOf(keys);
            assertThat(flags.unknownKeys().further()).isEqualTo(9_000);
        }

        @Test
        void areNeverRememberedBeyondTheThousandthByARace() throws Exception {
            AtomicReference<UnknownKeyMemory> shared = new AtomicReference<>();
            AtomicInteger arrived = new AtomicInteger();
            Thread rival = new Thread(() -> {
                for (int round = 1; round <= ROUNDS; round++) {
                    meet(arrived, 2 * round);
                    shared.get().saw("of-the-rival");
                }
                arrived.incrementAndGet();
            });
            rival.setDaemon(true);
            rival.start();
            for (int round = 1; round <= ROUNDS; round++) {
                UnknownKeyMemory memory = new UnknownKeyMemory();
                keys.subList(0, UnknownKeyMemory.REMEMBERED - 1).forEach(memory::saw);
                UnknownKeyMemory before = shared.getAndSet(memory);
                assertThat(before == null ? 0 : before.keys().size()).isLessThanOrEqualTo(UnknownKeyMemory.REMEMBERED);
                meet(arrived, 2 * round);
                memory.saw("of-this-thread");
            }
        }

        /** Spins, so that both go on within nanoseconds of each other. */
        private static void meet(AtomicInteger arrived, int expected) {
            arrived.incrementAndGet();
            while (arrived.get() < expected) {
                Thread.onSpinWait();
            }
        }

        @Test
        void areReportedToTheFirstThousandOnceEach() {
            for (int i = 0; i < 3; i++) {
                keys.forEach(flags::isEnabled);
            }
            letReportsComeDue();
            eventually(() -> assertThat(reported()).hasSizeGreaterThanOrEqualTo(1_000));

            keys.forEach(flags::isEnabled);
            flags.isEnabled("one-more");
            letReportsComeDue();

            assertThat(reported()).containsExactlyInAnyOrderElementsOf(keys.subList(0, 1_000));
        }
    }

    @Nested
    class AnUnknownKey {

        @Test
        void isReportedWhateverWasAsked() {
            flags.isEnabled("a");
            flags.isEnabled("b", false);
            flags.isEnabled(Flag.of("c"));
            flags.evaluate("d");
            flags.evaluate("e", false);
            flags.evaluate(Flag.of("f"));
            FlagHandle g = flags.handle("g");
            FlagHandle h = flags.handle(Flag.of("h").defaultOff());
            letReportsComeDue();

            eventually(() -> assertThat(reported()).containsExactly("a", "b", "c", "d", "e", "f", "g", "h"));
            assertThat(flags.unknownKeys())
                    .isEqualTo(new UnknownKeys(List.of("a", "b", "c", "d", "e", "f", "g", "h"), 0));
            assertThat(g.isEnabled()).isTrue();
            assertThat(h.isEnabled()).isFalse();
        }

        @Test
        void isNotReportedBeforeAllSourcesHaveAnswered() throws Exception {
            flags.close();
            source.down(true);
            flags = client();
            flags.isEnabled("mail");
            flags.isEnabled("mial");
            letReportsComeDue();
            SettableSource.refresh(flags);
            assertThat(reported()).isEmpty();

            source.down(false);
            SettableSource.refresh(flags);
            letReportsComeDue();

            eventually(() -> assertThat(reported()).containsExactly("mial"));
            assertThat(flags.unknownKeys().keys()).containsExactly("mial");
        }

        @Test
        void isNotReportedWhereThereIsNoSource() {
            flags.close();
            flags = FlagClient.builder().clock(clock::get).build();
            flags.isEnabled("mail");
            letReportsComeDue();

            assertThat(reported()).isEmpty();
            assertThat(flags.evaluate("mail").errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
        }

        @Test
        void isNoneThatIsDeclaredOrThatASourceHolds() {
            flags.isEnabled("mail");
            flags.isEnabled("beta");
            flags.evaluate("beta");

            assertThat(flags.unknownKeys()).isEqualTo(new UnknownKeys(List.of(), 0));
        }

        @Test
        void isUnknownNoLongerOnceASourceGetsIt() throws Exception {
            FlagHandle handle = flags.handle("export");
            assertThat(flags.isEnabled("export")).isTrue();
            letReportsComeDue();
            assertThat(flags.unknownKeys().keys()).containsExactly("export");

            source.says("export", "off");
            SettableSource.refresh(flags);

            assertThat(flags.isEnabled("export")).isFalse();
            assertThat(handle.isEnabled()).isFalse();
            assertThat(flags.evaluate("export").source()).isEqualTo("db");
            assertThat(flags.unknownKeys().keys()).isEmpty();
        }

        @Test
        void mayBeOneThatASourceHasLost() throws Exception {
            assertThat(flags.isEnabled("mail")).isFalse();

            source.lacks("mail");
            SettableSource.refresh(flags);
            assertThat(flags.isEnabled("mail")).isTrue();
            letReportsComeDue();

            eventually(() -> assertThat(reported()).containsExactly("mail"));
        }

        @Test
        void cannotForgeALine() {
            flags.isEnabled("a\nFeature is off: mail\u202e");
            letReportsComeDue();

            eventually(() -> assertThat(reported()).containsExactly("a\\u000AFeature is off: mail\\u202E"));
            assertThat(log.messages(Level.INFO)).noneMatch(message -> message.contains("\n"));
        }
    }

    @Nested
    class ATextThatIsNoKey {

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " ", "\t\n"})
        void hasTheDefaultAndIsNotRemembered(String key) {
            assertThat(flags.isEnabled(key)).isTrue();
            assertThat(flags.isEnabled(key, false)).isFalse();
            assertThat(flags.evaluate(key).errorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
            assertThat(flags.evaluate(key, false).enabled()).isFalse();
            assertThat(flags.handle(key).isEnabled()).isTrue();
            assertThat(flags.unknownKeys().keys()).isEmpty();
        }

        @Test
        void mayBeOverlong() {
            String key = "k".repeat(10_000);

            assertThat(flags.isEnabled(key)).isTrue();
            assertThat(flags.isEnabled(key, false)).isFalse();
            assertThat(flags.evaluate(key, false).enabled()).isFalse();
            assertThat(flags.evaluate(key).toString()).hasSizeLessThan(200);
            assertThat(flags.handle(key).isEnabled()).isTrue();
            assertThat(flags.unknownKeys().keys()).isEmpty();
        }

        @Test
        void mayBeAMissingFlag() {
            assertThat(flags.isEnabled((Flag) null)).isTrue();
            assertThat(flags.evaluate((Flag) null).enabled()).isTrue();
            assertThat(flags.handle((Flag) null).isEnabled()).isTrue();
        }

        @Test
        void mayBeInASourceAndStillNobodyCanAskForIt() throws Exception {
            source.says("", "off").says("k".repeat(257), "off").says("k".repeat(256), "off");
            SettableSource.refresh(flags);

            assertThat(flags.isEnabled("")).isTrue();
            assertThat(flags.isEnabled("k".repeat(257))).isTrue();
            assertThat(flags.isEnabled("k".repeat(256))).isFalse();
            assertThat(flags.isEnabled("mail")).isFalse();
        }
    }

    @Nested
    class StrictMode {

        private static Stream<Arguments> waysToAsk() {
            return Stream.of(
                    Arguments.of((Ask) (flags, key) -> flags.isEnabled(key)),
                    Arguments.of((Ask) (flags, key) -> flags.isEnabled(key, false)),
                    Arguments.of((Ask) (flags, key) -> flags.isEnabled(Flag.of(key))),
                    Arguments.of((Ask) (flags, key) -> flags.evaluate(key)),
                    Arguments.of((Ask) (flags, key) -> flags.evaluate(key, false)),
                    Arguments.of((Ask) (flags, key) -> flags.evaluate(Flag.of(key))),
                    Arguments.of((Ask) (flags, key) -> flags.handle(key)),
                    Arguments.of((Ask) (flags, key) -> flags.handle(Flag.of(key))));
        }

        private interface Ask {
            void of(FlagClient flags, String key);
        }

        @BeforeEach
        void buildStrict() {
            flags.close();
            flags = FlagClient.builder()
                    .source(source.says("beta", "on"))
                    .declare(Flag.of("beta").defaultOff(), Flag.of("gamma").defaultOff())
                    .strict()
                    .build();
        }

        @ParameterizedTest
        @MethodSource("waysToAsk")
        void refusesAKeyThatIsNotDeclared(Ask ask) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ask.of(flags, "gama"))
                    .withMessage("flag \"gama\" is not declared; declare it with"
                            + " FlagClient.builder().declare(Flag.of(..)), or correct its name");
        }

        @ParameterizedTest
        @MethodSource("waysToAsk")
        void refusesAKeyThatASourceHoldsButNobodyDeclared(Ask ask) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ask.of(flags, "mail"))
                    .withMessageStartingWith("flag \"mail\" is not declared");
        }

        @Test
        void refusesWhatIsNoKeyAndShowsItShortAndEscaped() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flags.isEnabled((String) null))
                    .withMessageStartingWith("flag null is not declared");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flags.isEnabled((Flag) null))
                    .withMessageStartingWith("flag null is not declared");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flags.evaluate("\n"))
                    .withMessageStartingWith("flag \"\\u000A\" is not declared");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flags.handle("k".repeat(10_000)))
                    .withMessageStartingWith("flag \"" + "k".repeat(32) + "…\" is not declared");
        }

        @Test
        void answersForDeclaredKeysAsEver() {
            assertThat(flags.isEnabled("beta")).isTrue();
            assertThat(flags.isEnabled("gamma")).isFalse();
            assertThat(flags.isEnabled("gamma", true)).isTrue();
            assertThat(flags.evaluate("beta").source()).isEqualTo("db");
            assertThat(flags.handle("gamma").isEnabled()).isFalse();
        }

        @Test
        void remembersNothingOfWhatItRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> flags.isEnabled("gama"));

            assertThat(flags.unknownKeys()).isEqualTo(new UnknownKeys(List.of(), 0));
        }
    }
}
