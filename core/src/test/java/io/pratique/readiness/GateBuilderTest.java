package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.flags.FlagClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What configuration refuses, at once and helpfully. */
@Tag("R-1")
class GateBuilderTest {

    private static final Probe UP = ProbeResult::up;

    private static void refused(ThrowingCallable call, String... mentions) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(mentions);
    }

    static Stream<String> noNames() {
        return Stream.of(null, "", "  ", "\t\n", "x".repeat(257), "x".repeat(10_000));
    }

    @Nested
    class Names {

        static Stream<String> noNames() {
            return GateBuilderTest.noNames();
        }

        @ParameterizedTest
        @MethodSource("noNames")
        void thatAreNoneAreRefusedWhereverTheyAreGiven(String name) {
            refused(() -> ReadinessGate.builder().probe(name, UP), "probe name");
            refused(() -> ReadinessGate.builder().probe(name, UP, ProbeSettings.defaults()), "probe name");
            refused(() -> ReadinessGate.builder().always(name), "dependency name");
            refused(() -> ReadinessGate.builder().job(name), "job name");
            refused(() -> ReadinessGate.builder().job("job", name), "dependency name");
            refused(() -> ReadinessGate.builder().closing(name, () -> {}, Duration.ofSeconds(1)), "resource name");
            refused(() -> Job.of(name), "job name");
            refused(() -> Job.of("job").flag(name), "flag");
            refused(() -> Job.of("job").needs("database", name), "dependency name");
            refused(() -> new JobCatalog(Arrays.asList("database", name), List.of()), "dependency name");
            try (ReadinessGate gate = ReadinessGate.builder().build()) {
                refused(() -> gate.wrap(name, () -> {}), "job name");
                refused(() -> gate.wrapCallable(name, () -> "x"), "job name");
            }
        }

        @Test
        void areShownInQuotesAndCutAndOnOneLine() {
            assertThatThrownBy(() -> Job.of("a\r\nb" + "x".repeat(300)))
                    .hasMessageContaining("\"a\\u000D\\u000Ab")
                    .hasMessageContaining("304 characters")
                    .message()
                    .doesNotContainPattern("\\R")
                    .hasSizeLessThan(250);
        }

        /** Also those that an error lists as what there is. */
        @Test
        void areShownOnOneLineWhereAnErrorListsThem() {
            String forged = "a\r\nERROR forged\u2028";
            try (ReadinessGate gate = ReadinessGate.builder().probe(forged, UP).build()) {
                assertOneLine(() -> gate.dependency("b"));
            }
            assertOneLine(
                    () -> ReadinessGate.builder().probe(forged, UP).always("b").build());
            assertOneLine(() -> new JobCatalog(List.of(), List.of(Job.of(forged))).only("b"));
        }

        private static void assertOneLine(ThrowingCallable call) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("\"b\"", "[a\\u000D\\u000AERROR forged\\u2028]")
                    .message()
                    .doesNotContainPattern("\\R");
        }

        @Test
        void of256CharactersAndOfAnyScriptAreFine() {
            assertThatCode(() -> ReadinessGate.builder()
                            .probe("база", UP)
                            .job("x".repeat(256), "база")
                            .build()
                            .close())
                    .doesNotThrowAnyException();
        }
    }

    @Nested
    class GivenTwice {

        @Test
        void aProbeIsRefused() {
            refused(() -> ReadinessGate.builder().probe("database", UP).probe("database", UP), "\"database\"", "twice");
        }

        @Test
        void aJobIsRefused() {
            refused(() -> ReadinessGate.builder().job("job").job(Job.of("job")), "\"job\"", "twice");
            refused(
                    () -> ReadinessGate.builder().job("cleanup-runner").jobs(JobCatalog.preset()),
                    "\"cleanup-runner\"",
                    "twice");
            refused(() -> new JobCatalog(List.of(), List.of(Job.of("job"), Job.of("job"))), "\"job\"", "twice");
        }

        @Test
        void aNeedCountsOnce() {
            assertThat(Job.of("job").needs("storage", "storage").needs()).containsExactly("storage");
            try (FlagClient flags = FlagClient.builder().build();
                    ReadinessGate gate = ReadinessGate.builder()
                            .flags(flags)
                            .probe("database", UP)
                            .always("database", "database")
                            .always("database")
                            .job("job", "database")
                            .build()) {
                GateRig.decided(gate, "job", DecisionReason.READY);

                assertThat(gate.explain("job")).containsOnlyOnce("database");
            }
        }
    }

    @Nested
    class UnknownDependencies {

        @Test
        void areRefusedWhenTheGateIsBuiltWithWhoNeedsThemAndWhatThereIs() {
            refused(
                    () -> ReadinessGate.builder()
                            .probe("storage", UP)
                            .job("cleanup-runner", "storrage")
                            .build(),
                    "\"cleanup-runner\"",
                    "\"storrage\"",
                    "[storage]");
            refused(
                    () -> ReadinessGate.builder()
                            .probe("storage", UP)
                            .always("database")
                            .build(),
                    "every job",
                    "\"database\"",
                    "[storage]");
            refused(() -> ReadinessGate.builder().jobs(JobCatalog.preset()).build(), "\"database\"");
        }

        @Test
        void mayBeGivenAfterTheJobsThatNeedThem() {
            assertThatCode(() -> ReadinessGate.builder()
                            .job("cleanup-runner", "storage")
                            .always("database")
                            .probe("storage", UP)
                            .probe("database", UP)
                            .build()
                            .close())
                    .doesNotThrowAnyException();
        }
    }

    @Nested
    class Durations {

        static Stream<Duration> noDurations() {
            return Stream.of(null, Duration.ZERO, Duration.ofMillis(-1), Duration.ofSeconds(Long.MIN_VALUE));
        }

        @ParameterizedTest
        @MethodSource("noDurations")
        void ofNoLengthAreRefused(Duration none) {
            String shown = "\"" + none + "\"";
            refused(() -> ProbeSettings.defaults().interval(none), "interval", shown);
            refused(() -> ProbeSettings.defaults().timeout(none), "timeout", shown);
            refused(() -> ReadinessGate.builder().startupGrace(none), "startupGrace", shown);
            refused(() -> ReadinessGate.builder().drainOnShutdown(none), "drain deadline", shown);
            refused(() -> ReadinessGate.builder().closing("pool", () -> {}, none), shown);
            refused(() -> Job.of("job").maxSkipAge(none), "maxSkipAge", shown);
            try (ReadinessGate gate = ReadinessGate.builder().build()) {
                refused(() -> gate.drain(none), "drain deadline", shown);
                assertThat(gate.health().draining()).isFalse();
            }
        }

        @Test
        void ofCenturiesAreFine() {
            Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
            try (FlagClient flags = FlagClient.builder().build();
                    ReadinessGate gate = ReadinessGate.builder()
                            .flags(flags)
                            .probe(
                                    "database",
                                    UP,
                                    ProbeSettings.defaults().interval(longest).timeout(longest))
                            .always("database")
                            .startupGrace(longest)
                            .job(Job.of("job").maxSkipAge(longest))
                            .closing("pool", () -> {}, longest)
                            .build()) {
                GateRig.decided(gate, "job", DecisionReason.READY);
                assertThat(gate.drain(longest)).isTrue();
            }
        }
    }

    @Test
    @Tag("R-4")
    void thresholdsBelowOneAreRefused() {
        refused(() -> ProbeSettings.defaults().failureThreshold(0), "failureThreshold", "\"0\"");
        refused(() -> ProbeSettings.defaults().successThreshold(-1), "successThreshold", "\"-1\"");
    }

    @Test
    @Tag("R-4")
    void settingsAreThoseOfTheDesignUnlessSet() {
        ProbeSettings settings = ProbeSettings.defaults();

        assertThat(settings.interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.failureThreshold()).isEqualTo(3);
        assertThat(settings.successThreshold()).isEqualTo(2);
        assertThat(settings.failureThreshold(7)).isNotSameAs(settings);
        assertThat(settings.failureThreshold()).isEqualTo(3);
    }

    @Test
    void nothingGivenWhereSomethingIsNeededIsRefused() {
        ReadinessGate.Builder builder = ReadinessGate.builder();
        refused(() -> builder.probe("database", null), "probe");
        refused(() -> builder.probe("database", UP, null), "settings");
        refused(() -> builder.always((String[]) null), "dependencies");
        refused(() -> builder.job((Job) null), "job");
        refused(() -> builder.job("job", (String[]) null), "dependencies");
        refused(() -> builder.jobs(null), "catalog");
        refused(() -> builder.flags(null), "flags");
        refused(() -> builder.threadFactory(null), "thread");
        refused(() -> builder.clock(null), "clock");
        refused(() -> builder.closing("pool", null, Duration.ofSeconds(1)), "resource");
        refused(() -> new Job("job", "job", null, false, false, null), "dependencies");
        refused(() -> new JobCatalog(null, List.of()), "dependencies");
        refused(() -> new JobCatalog(List.of(), null), "jobs");
        refused(() -> new JobCatalog(List.of(), Arrays.asList(Job.of("job"), null)), "job");
        refused(() -> JobCatalog.preset().only((String[]) null), "names of jobs");
        try (ReadinessGate gate = builder.build()) {
            refused(() -> gate.wrap("job", null), "task");
            refused(() -> gate.wrapCallable("job", null), "task");
            assertThat(gate.health().checks()).isEmpty();
            assertThat(gate.jobs()).isEmpty();
        }
    }

    @Test
    void whatIsAddedLaterDoesNotReachAGateThatIsBuilt() {
        ReadinessGate.Builder builder =
                ReadinessGate.builder().clock(() -> Instant.EPOCH).probe("database", UP);
        try (ReadinessGate gate = builder.build()) {
            builder.probe("storage", UP).job("late");

            assertThat(gate.health().checks()).hasSize(1);
            assertThat(gate.jobs()).isEmpty();
        }
    }
}
