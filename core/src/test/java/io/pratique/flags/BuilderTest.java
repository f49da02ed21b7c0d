package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuilderTest {

    private static final FlagSource EMPTY = FlagSet::empty;

    /** A source of a given name; two of the same name are equal, as records are. */
    private record Named(String name, Map<String, String> values) implements FlagSource {

        Named(String name) {
            this(name, Map.of());
        }

        @Override
        public FlagSet load() {
            return FlagSet.of(values);
        }
    }

    private record Nameless(Supplier<String> fault) implements FlagSource {

        @Override
        public String name() {
            return fault.get();
        }

        @Override
        public FlagSet load() {
            return FlagSet.empty();
        }
    }

    @Nested
    class ASource {

        private final FlagClient.Builder builder = FlagClient.builder();

        @Test
        void mustNotBeNull() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.source(null))
                    .withMessage("flag source must not be null; give one, or leave the call out");
        }

        @Test
        void mustNotHaveTheNameOfAnother() {
            builder.source(new Named("redis", Map.of("a", "on")));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.source(new Named("redis")))
                    .withMessage("flag source name \"redis\" is taken; give each source a name of its own");
        }

        @Test
        void mustNotBeNamedLikeTheOverride() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.source(new Named("override")))
                    .withMessage("flag source name \"override\" is taken; give each source a name of its own");
        }

        @Test
        void mustNotBeAddedTwice() {
            FlagSource second = new Named("db");
            builder.source(new Named("redis")).source(second);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.source(second))
                    .withMessage("flag source \"db\" was added before; add each source once");
        }

        @Test
        void mustBeAbleToTellItsName() {
            IllegalStateException fault = new IllegalStateException("not connected");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.source(new Nameless(() -> {
                        throw fault;
                    })))
                    .withMessageContainingAll(Nameless.class.getName(), "name()", "not connected", "return a name")
                    .withCause(fault);
        }

        @Test
        void showsAnOddNameEscapedWhenRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.source(new Named("re\ndis")))
                    .withMessageContaining("\"re\\u000Adis\" must be");
        }

        @Test
        void thatWasRefusedLeavesTheBuilderAsItWas() {
            builder.source(new Named("redis"));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.source(new Named("redis")));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.source(null));

            try (FlagClient flags = builder.source(EMPTY).build()) {
                assertThat(flags.sources()).extracting(SourceStatus::name).containsExactly("redis", "source-2");
            }
        }

        @Test
        void isAskedForItsNameOnce() {
            String[] names = {"first", "second"};
            int[] asked = {0};

            try (FlagClient flags =
                    builder.source(new Nameless(() -> names[asked[0]++])).build()) {
                assertThat(flags.sources()).extracting(SourceStatus::name).containsExactly("first");
                assertThat(asked[0]).isEqualTo(1);
            }
        }
    }

    @Nested
    class AnUnnamedSource {

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " ", "\t\n"})
        void isNamedByItsPosition(String name) {
            try (FlagClient flags = FlagClient.builder()
                    .source(new Nameless(() -> name))
                    .source(new Named("redis"))
                    .source(new Nameless(() -> name))
                    .build()) {
                assertThat(flags.sources())
                        .extracting(SourceStatus::name)
                        .containsExactly("source-1", "redis", "source-3");
            }
        }

        @Test
        void mayBeALambda() {
            try (FlagClient flags = FlagClient.builder()
                    .source(() -> FlagSet.of(Map.of("a", "off")))
                    .source(() -> FlagSet.of(Map.of("b", "off")))
                    .build()) {
                assertThat(flags.evaluate("b").source()).isEqualTo("source-2");
            }
        }

        @Test
        void mustNotTakeTheNameThatWasGivenToAnother() {
            FlagClient.Builder builder = FlagClient.builder().source(new Named("source-2"));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.source(EMPTY))
                    .withMessage("flag source name \"source-2\" is taken; give each source a name of its own");
        }

        @Test
        void keepsItsNameFromAnotherThatIsGivenIt() {
            FlagClient.Builder builder = FlagClient.builder().source(EMPTY);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.source(new Named("source-1")))
                    .withMessage("flag source name \"source-1\" is taken; give each source a name of its own");
        }
    }

    @Nested
    class ADuration {

        private static Stream<Arguments> settings() {
            return Stream.of(
                    Arguments.of("ttl", (BiFunction<FlagClient.Builder, Duration, ?>) FlagClient.Builder::ttl),
                    Arguments.of("startupTimeout", (BiFunction<FlagClient.Builder, Duration, ?>)
                            FlagClient.Builder::startupTimeout),
                    Arguments.of("loadTimeout", (BiFunction<FlagClient.Builder, Duration, ?>)
                            FlagClient.Builder::loadTimeout));
        }

        @ParameterizedTest
        @MethodSource("settings")
        void mustBeLongerThanZero(String name, BiFunction<FlagClient.Builder, Duration, ?> setting) {
            FlagClient.Builder builder = FlagClient.builder();

            for (Duration refused : new Duration[] {
                null, Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-3), Duration.ofSeconds(Long.MIN_VALUE)
            }) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> setting.apply(builder, refused))
                        .withMessage(name + " must be longer than zero, but is \"" + refused
                                + "\"; give a positive duration");
            }
        }

        @ParameterizedTest
        @MethodSource("settings")
        void mayBeAsShortAsCanBe(String name, BiFunction<FlagClient.Builder, Duration, ?> setting) {
            assertThatCode(() -> setting.apply(FlagClient.builder(), Duration.ofNanos(1)))
                    .as(name)
                    .doesNotThrowAnyException();
        }

        @Test
        void mayBeLongerThanAnyLife() throws Exception {
            Duration forEver = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

            try (FlagClient flags = FlagClient.builder()
                    .ttl(forEver)
                    .startupTimeout(forEver)
                    .loadTimeout(forEver)
                    .source(() -> FlagSet.of(Map.of("a", "off")))
                    .build()) {
                assertThat(flags.isEnabled("a")).isFalse();
                flags.refresh().toCompletableFuture().get(1, TimeUnit.MINUTES);
                assertThat(flags.sources()).extracting(SourceStatus::state).containsExactly(SourceStatus.State.READY);
            }
        }
    }

    @Nested
    class ADeclaredFlag {

        private final FlagClient.Builder builder = FlagClient.builder();

        @Test
        void mustNotBeDeclaredTwice() {
            builder.declare(Flag.of("mail"));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.declare(Flag.of("mail").defaultOff()))
                    .withMessage("flag \"mail\" is declared twice; declare it once");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.declare(Flag.of("a\nb"), Flag.of("a\nb")))
                    .withMessage("flag \"a\\u000Ab\" is declared twice; declare it once");
        }

        @Test
        void mustNotBeNull() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.declare((Flag[]) null))
                    .withMessage("declared flags must not be null; give one, or leave the call out");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.declare(Flag.of("a"), null))
                    .withMessage("declared flag must not be null; give one, or leave the call out");
        }

        @Test
        void mayBeNone() {
            assertThatCode(builder::declare).doesNotThrowAnyException();
        }

        @Test
        void mayHaveAnOddKey() {
            try (FlagClient flags =
                    builder.declare(Flag.of("a\nb\u202e").defaultOff()).build()) {
                assertThat(flags.isEnabled("a\nb\u202e")).isFalse();
                assertThat(flags.evaluate("a\nb\u202e").toString()).startsWith("a\\u000Ab\\u202E=off (");
            }
        }
    }

    @Nested
    class ABuilder {

        @Test
        void refusesNoFileAndNoClock() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FlagClient.builder().snapshotFile(null))
                    .withMessage("snapshotFile must not be null; give one, or leave the call out");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FlagClient.builder().clock(null))
                    .withMessage("clock must not be null; give one, or leave the call out");
        }

        @Test
        void buildsOneClientOnly() {
            FlagClient.Builder builder = FlagClient.builder().source(EMPTY);

            try (FlagClient flags = builder.build()) {
                assertThatIllegalStateException()
                        .isThrownBy(builder::build)
                        .withMessageContainingAll("has built a client", "FlagClient.builder()");
                assertThat(flags.isClosed()).isFalse();
            }
        }

        @Test
        void doesNotReachIntoTheClientItBuilt() {
            FlagClient.Builder builder = FlagClient.builder().source(EMPTY);
            try (FlagClient flags = builder.build()) {
                builder.source(new Named("late", Map.of("a", "off")))
                        .declare(Flag.of("b").defaultOff());

                assertThat(flags.sources()).extracting(SourceStatus::name).containsExactly("source-1");
                assertThat(flags.isEnabled("b")).isTrue();
            }
        }

        @Test
        void needsNothingAtAll() {
            try (FlagClient flags = FlagClient.builder().build()) {
                assertThat(flags.isEnabled("anything")).isTrue();
                assertThat(flags.sources()).isEmpty();
            }
        }
    }
}
