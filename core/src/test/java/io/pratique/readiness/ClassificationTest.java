package io.pratique.readiness;

import static io.pratique.readiness.GateRig.agreed;
import static io.pratique.readiness.GateRig.decided;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which job needs what, by the preset and by the user's own word. */
@Tag("R-1")
class ClassificationTest {

    private static final String[] JOBS = {"outbox-dispatcher", "webhook-dispatcher", "cleanup-runner", "voice-runner"};

    private final GateRig rig = new GateRig();
    private final Map<String, ScriptedProbe> probes = new TreeMap<>();

    @BeforeEach
    void makeProbes() {
        for (String name : new String[] {"database", "secrets", "storage"}) {
            probes.put(name, new ScriptedProbe());
        }
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private ReadinessGate preset(Map<String, String> flags) {
        ReadinessGate.Builder builder = rig.builder(rig.flags(flags)).jobs(JobCatalog.preset());
        probes.forEach(builder::probe);
        return rig.build(builder);
    }

    @Nested
    class ThePreset {

        @ParameterizedTest
        @CsvSource({
            "database, outbox-dispatcher webhook-dispatcher cleanup-runner voice-runner unclassified",
            "secrets,  webhook-dispatcher voice-runner",
            "storage,  cleanup-runner"
        })
        void skipsExactlyTheJobsThatNeedWhatIsDown(String dependency, String skipped) {
            probes.get(dependency).down();
            ReadinessGate gate = preset(Map.of());
            for (String job : new String[] {
                "outbox-dispatcher", "webhook-dispatcher", "cleanup-runner", "voice-runner", "unclassified"
            }) {
                boolean skips = (" " + skipped + " ").contains(" " + job + " ");
                GateDecision decision =
                        decided(gate, job, skips ? DecisionReason.DEPENDENCY_DOWN : DecisionReason.READY);

                assertThat(decision.dependency()).isEqualTo(skips ? dependency : null);
                assertThat(decision.job()).isEqualTo(job);
            }
        }

        @ParameterizedTest
        @CsvSource({
            "outbox-dispatcher, outbox-processing",
            "webhook-dispatcher, webhook-processing",
            "cleanup-runner, cleanup",
            "voice-runner, voice-retry"
        })
        void givesEachJobItsFlag(String job, String flag) {
            ReadinessGate gate = preset(Map.of(flag, "off"));
            for (String each : JOBS) {
                decided(gate, each, each.equals(job) ? DecisionReason.FLAG_OFF : DecisionReason.READY);
            }
        }

        @Test
        void asksForNoFlagOfTheJobsOwnName() {
            ReadinessGate gate = preset(Map.of("cleanup-runner", "off"));

            decided(gate, "cleanup-runner", DecisionReason.READY);
        }

        @Test
        void marksNoJobDestructiveOrDeferrable() {
            assertThat(JobCatalog.preset().jobs()).noneMatch(Job::isDestructive).noneMatch(Job::isDeferrable);
        }

        @Test
        void canBeTakenInPartByAProcessThatRunsSomeOfTheJobs() {
            ReadinessGate gate = rig.build(rig.builder()
                    .probe("database", probes.get("database"))
                    .jobs(JobCatalog.preset().only("outbox-dispatcher")));

            decided(gate, "outbox-dispatcher", DecisionReason.READY);
            assertThat(gate.jobs()).extracting(JobStatus::job).containsExactly("outbox-dispatcher");
            assertThatThrownBy(() -> JobCatalog.preset().only("clean-up"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("\"clean-up\"", "cleanup-runner");
        }
    }

    @Nested
    class TheUsersOwn {

        @Test
        void jobHasAFlagOfItsOwnNameUnlessItSaysOtherwise() {
            ReadinessGate gate = rig.build(rig.builder(rig.flags(Map.of("own", "off", "other", "off")))
                    .job("own")
                    .job(Job.of("renamed").flag("other"))
                    .job(Job.of("other").flag("free")));

            decided(gate, "own", DecisionReason.FLAG_OFF);
            decided(gate, "renamed", DecisionReason.FLAG_OFF);
            decided(gate, "other", DecisionReason.READY);
        }

        @Test
        void unclassifiedJobNeedsTheAlwaysSetOnlyAndHasAFlagOfItsName() {
            probes.get("storage").down();
            ReadinessGate.Builder builder =
                    rig.builder(rig.flags(Map.of("nightly", "off"))).always("database");
            probes.forEach(builder::probe);
            ReadinessGate gate = rig.build(builder);

            decided(gate, "hourly", DecisionReason.READY);
            decided(gate, "nightly", DecisionReason.FLAG_OFF);
        }

        @Test
        void alwaysSetIsNeededByEachJobThatIsDeclared() {
            probes.get("secrets").down();
            ReadinessGate.Builder builder =
                    rig.builder().always("database").always("secrets").job("any", "storage");
            probes.forEach(builder::probe);
            ReadinessGate gate = rig.build(builder);

            assertThat(decided(gate, "any", DecisionReason.DEPENDENCY_DOWN).dependency())
                    .isEqualTo("secrets");
            assertThat(decided(gate, "unknown", DecisionReason.DEPENDENCY_DOWN).dependency())
                    .isEqualTo("secrets");
        }

        @Test
        void dependenciesAreCriticalIfEachJobNeedsThemUnlessSetOtherwise() {
            ReadinessGate gate = rig.build(rig.builder()
                    .probe("database", probes.get("database"))
                    .probe("storage", probes.get("storage"))
                    .probe(
                            "cache",
                            new ScriptedProbe(),
                            ProbeSettings.defaults().critical(false))
                    .probe(
                            "queue",
                            new ScriptedProbe(),
                            ProbeSettings.defaults().critical(true))
                    .always("database", "cache"));

            assertThat(gate.health().checks())
                    .filteredOn(HealthReport.Check::critical)
                    .extracting(HealthReport.Check::name)
                    .containsExactly("database", "queue");
        }

        @Test
        void gateWithoutProbesAndJobsRunsAll() {
            ReadinessGate gate = rig.build(rig.builder());

            assertThat(agreed(gate, "anything").reason()).isEqualTo(DecisionReason.READY);
            assertThat(gate.health().ready()).isTrue();
            assertThat(gate.health().status()).isEqualTo(HealthReport.Status.HEALTHY);
        }
    }
}
