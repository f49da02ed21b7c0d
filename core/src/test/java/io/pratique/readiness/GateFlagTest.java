package io.pratique.readiness;

import static io.pratique.readiness.GateRig.agreed;
import static io.pratique.readiness.GateRig.decided;
import static io.pratique.readiness.GateRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.flags.Flag;
import io.pratique.flags.FlagClient;
import io.pratique.flags.Flags;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a job's flag has to say, and names that are none. */
@Tag("R-2")
class GateFlagTest {

    private static final Job DESTRUCTIVE = Job.of("purge").destructive();

    private final GateRig rig = new GateRig();
    private final ScriptedProbe probe = new ScriptedProbe();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private ReadinessGate gate(FlagClient flags, Job... jobs) {
        ReadinessGate.Builder builder =
                rig.builder(flags).probe("database", probe).always("database");
        for (Job job : jobs) {
            builder.job(job);
        }
        return rig.build(builder);
    }

    @Test
    void aDestructiveJobNeverTakesADefaultForAnAnswerThatIsBeingPublished() {
        for (int i = 0; i < 300; i++) {
            AtomicBoolean open = new AtomicBoolean();
            try (FlagClient flags = FlagClient.builder()
                            .source(() -> {
                                while (!open.get()) {
                                    Thread.onSpinWait();
                                }
                                return FlagSet.of(Map.of("purge", "off"));
                            })
                            .startupTimeout(Duration.ofNanos(1))
                            .build();
                    ReadinessGate gate = ReadinessGate.builder()
                            .flags(flags)
                            .job(DESTRUCTIVE)
                            .build()) {
                open.set(true);
                while (!flags.handle("purge").isReady()) {
                    assertThat(gate.shouldRun("purge")).isFalse();
                    assertThat(gate.decide("purge").run()).isFalse();
                }
            }
        }
    }

    @Test
    void offSkipsAndOnRuns() {
        ReadinessGate gate =
                gate(rig.flags(Map.of("stopped", "off", "going", "on")), Job.of("stopped"), Job.of("going"));
        GateDecision decision = decided(gate, "stopped", DecisionReason.FLAG_OFF);

        assertThat(decision.run()).isFalse();
        assertThat(decision.dependency()).isNull();
        assertThat(decision.detail()).contains("stopped");
        decided(gate, "going", DecisionReason.READY);
        decided(gate, "flag-that-nobody-holds", DecisionReason.READY);
    }

    @Test
    void offIsSaidEvenWhereADependencyIsDownToo() {
        probe.down();
        ReadinessGate gate = gate(rig.flags(Map.of("stopped", "off")), Job.of("stopped"), Job.of("other"));
        decided(gate, "other", DecisionReason.DEPENDENCY_DOWN);

        assertThat(agreed(gate, "stopped").reason()).isEqualTo(DecisionReason.FLAG_OFF);
        assertThat(gate.explain("stopped")).contains("database DOWN");
    }

    @Test
    void aChangeIsSeenAtOnce() {
        FlagClient flags = rig.flags(Map.of());
        ReadinessGate gate = gate(flags, Job.of("job"));
        decided(gate, "job", DecisionReason.READY);

        try (Subscription off = flags.override("job", false, Duration.ofHours(1), "to see it stop")) {
            assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.FLAG_OFF);
        }
        assertThat(agreed(gate, "job").reason()).isEqualTo(DecisionReason.READY);
    }

    @Nested
    class NotReady {

        @Test
        void defersTheDestructiveOnly() {
            ReadinessGate gate = gate(rig.flagsThatAreAway(), DESTRUCTIVE, Job.of("plain"));

            assertThat(decided(gate, "purge", DecisionReason.FLAG_NOT_READY).run())
                    .isFalse();
            decided(gate, "plain", DecisionReason.READY);
        }

        @Test
        void isAlsoAClientWithoutSources() {
            ReadinessGate gate = gate(rig.closing(FlagClient.builder().build()), DESTRUCTIVE);

            decided(gate, "purge", DecisionReason.FLAG_NOT_READY);
        }

        @Test
        void isNotAnOverrideThatSaysOn() {
            FlagClient flags = rig.flagsThatAreAway();
            ReadinessGate gate = gate(flags, DESTRUCTIVE);
            decided(gate, "purge", DecisionReason.FLAG_NOT_READY);

            try (Subscription on = flags.override("purge", true, Duration.ofHours(1), "I know what I do")) {
                decided(gate, "purge", DecisionReason.READY);
            }
            decided(gate, "purge", DecisionReason.FLAG_NOT_READY);
        }

        @Test
        void endsWithTheFirstAnswer() {
            AtomicBoolean away = new AtomicBoolean(true);
            FlagClient flags = rig.closing(FlagClient.builder()
                    .ttl(Duration.ofMillis(50))
                    .source(() -> {
                        if (away.get()) {
                            throw new IllegalStateException("not yet");
                        }
                        return FlagSet.empty();
                    })
                    .build());
            ReadinessGate gate = gate(flags, DESTRUCTIVE);
            decided(gate, "purge", DecisionReason.FLAG_NOT_READY);
            away.set(false);

            decided(gate, "purge", DecisionReason.READY);
        }
    }

    @Nested
    class Strict {

        private FlagClient strict() {
            return rig.closing(FlagClient.builder()
                    .strict()
                    .declare(Flag.of("declared"))
                    .source(() -> FlagSet.of(Map.of("declared", "off")))
                    .build());
        }

        @Test
        void refusesAJobWhoseFlagIsUndeclaredWhenTheGateIsBuilt() {
            for (Job job : List.of(Job.of("undeclared"), Job.of("undeclared").destructive())) {
                ReadinessGate.Builder builder = rig.builder(strict()).job(job);

                assertThatThrownBy(builder::build)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("\"undeclared\"");
            }
        }

        @Test
        void throwsNothingIntoADecision() {
            ReadinessGate gate = gate(strict(), Job.of("declared"));

            decided(gate, "declared", DecisionReason.FLAG_OFF);
            decided(gate, "never-heard-of", DecisionReason.READY);
            assertThat(agreed(gate, null).run()).isTrue();
        }
    }

    @Nested
    @ResourceLock("io.pratique.flags.Flags")
    class WithoutAClientOfItsOwn {

        @Test
        void asksTheOneBehindFlagsEachTime() {
            ReadinessGate gate =
                    rig.build(ReadinessGate.builder().job(DESTRUCTIVE).job("plain"));
            try (FlagClient first = FlagClient.builder()
                    .source(() -> FlagSet.of(Map.of("plain", "off")))
                    .build()) {
                Flags.install(first);
                assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.FLAG_OFF);
                assertThat(agreed(gate, "purge").reason()).isEqualTo(DecisionReason.READY);
            }
            try (FlagClient second = FlagClient.builder().build()) {
                Flags.install(second);
                assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.READY);
                assertThat(agreed(gate, "purge").reason()).isEqualTo(DecisionReason.FLAG_NOT_READY);
            }
        }

        /** The gate was built before that client was there to refuse the flag. */
        @Test
        void defersADestructiveJobWhoseFlagIsUndeclaredToAStrictOne() throws Exception {
            ReadinessGate gate =
                    rig.build(ReadinessGate.builder().job(DESTRUCTIVE).job("plain"));
            try (FlagClient strict = FlagClient.builder()
                    .strict()
                    .source(() -> FlagSet.of(Map.of("purge", "on")))
                    .build()) {
                Flags.install(strict);

                GateDecision decision = agreed(gate, "purge");
                assertThat(decision.reason()).isEqualTo(DecisionReason.FLAG_NOT_READY);
                assertThat(decision.detail()).contains("not declared");
                assertThat(gate.wrapCallable("purge", () -> "ran").call()).isEmpty();
                assertThat(agreed(gate, "plain").reason()).isEqualTo(DecisionReason.READY);
                assertThat(gate.wrapCallable("plain", () -> "ran").call()).contains("ran");
            }
        }
    }

    @Nested
    class NamesThatAreNone {

        static Stream<String> names() {
            return Stream.of(
                    null,
                    "",
                    "   ",
                    "\n",
                    "a\r\nb forged line",
                    "next\u0085line",
                    "line\u2028separator\u2029",
                    "bell\u0007",
                    "\u202Eedirdna",
                    "\uD800",
                    "x".repeat(10_000),
                    "назва",
                    "%s {} ${x}");
        }

        @ParameterizedTest
        @MethodSource("names")
        void areAnsweredInOneLineAndNeverThrow(String name) {
            ReadinessGate gate = gate(rig.flags(Map.of()), Job.of("declared"));
            decided(gate, "declared", DecisionReason.READY);

            GateDecision decision = agreed(gate, name);

            assertThat(decision.reason()).isEqualTo(DecisionReason.READY);
            assertThat(decision.job()).isEqualTo(name == null ? "" : name);
            assertThat(decision.toString().split("\\R", -1)).hasSize(1);
        }

        @ParameterizedTest
        @MethodSource("names")
        void needWhatEachJobNeeds(String name) {
            probe.down();
            ReadinessGate gate = gate(rig.flags(Map.of()), Job.of("declared"));
            decided(gate, "declared", DecisionReason.DEPENDENCY_DOWN);

            assertThat(agreed(gate, name).reason()).isEqualTo(DecisionReason.DEPENDENCY_DOWN);
        }
    }

    @Nested
    @Tag("R-6")
    class Explaining {

        @Test
        void tellsTheReasonTheFlagAndAllNeedsInOneLine() {
            ReadinessGate gate = rig.build(rig.builder(rig.flags(Map.of("cleanup", "on")))
                    .probe("database", new ScriptedProbe())
                    .probe("storage", () -> ProbeResult.down("bucket\r\nis\u2028away"))
                    .always("database")
                    .job(Job.of("cleanup-runner").needs("storage").flag("cleanup")));
            decided(gate, "cleanup-runner", DecisionReason.DEPENDENCY_DOWN);

            assertThat(gate.explain("cleanup-runner"))
                    .contains("cleanup-runner", "is skipped", "DEPENDENCY_DOWN", "storage", "away", "database UP")
                    .contains("flag cleanup=on");
            assertThat(gate.decide("cleanup-runner").toString().split("\\R", -1))
                    .hasSize(1);
            eventually(() -> assertThat(rig.log().events())
                    .anySatisfy(event -> assertThat(event.getFormattedMessage())
                            .contains("away")
                            .doesNotContainPattern("\\R")));
        }
    }
}
