package io.pratique.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;

import io.pratique.flags.FlagClient;
import io.pratique.flags.Flags;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs the nested static classes below as test classes of their own. */
@Isolated("the static Flags belong to the tests that this one runs")
class InstallsFlagsTest {

    private static final String KEY = "outbox-processing";
    private static final AtomicInteger RUNNING = new AtomicInteger();

    private static Events run(Class<?>... testClasses) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(Stream.of(testClasses)
                        .map(testClass -> selectClass(testClass))
                        .toArray(ClassSelector[]::new))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "8")
                .execute()
                .testEvents();
    }

    @Test
    void testsOfTheStaticFlagsNeverRunBesideEachOther() {
        run(OnAClass.class, OnItsSubclass.class, OnMethods.class)
                .assertStatistics(tests -> tests.succeeded(100).failed(0));
    }

    @Test
    void nothingOfATestIsLeftToTheNext() {
        run(OnMethods.class).assertStatistics(tests -> tests.failed(0));

        assertThat(Flags.client().isClosed()).isTrue();
        assertThat(Flags.isEnabled(KEY)).isTrue();
    }

    private static void switchTheStaticFlags(FlagClient client, TestFlags flags) {
        assertThat(RUNNING.incrementAndGet()).as("tests at once").isEqualTo(1);
        assertThat(Flags.client()).isSameAs(client).isSameAs(flags.client());
        assertThat(Flags.isEnabled(KEY)).as("left by the test before").isTrue();
        flags.off(KEY);
        assertThat(CompletableFuture.supplyAsync(() -> Flags.isEnabled(KEY)).join())
                .isFalse();
        assertThat(RUNNING.decrementAndGet()).as("tests at once").isZero();
    }

    @InstallsFlags
    static class OnAClass {

        @RepeatedTest(25)
        void one(FlagClient client, TestFlags flags) {
            switchTheStaticFlags(client, flags);
        }
    }

    static class OnItsSubclass extends OnAClass {}

    static class OnMethods {

        @InstallsFlags
        @RepeatedTest(25)
        void one(FlagClient client, TestFlags flags) {
            switchTheStaticFlags(client, flags);
        }

        @InstallsFlags
        @RepeatedTest(25)
        void other(FlagClient client, TestFlags flags) {
            switchTheStaticFlags(client, flags);
        }
    }

    @Test
    void flagsAreInstalledForATestThatAsksForNone() {
        run(WithoutParameters.class)
                .assertStatistics(tests -> tests.succeeded(2).failed(0));
    }

    @InstallsFlags
    static class WithoutParameters {

        @RepeatedTest(2)
        void hasAnOpenClient() {
            assertThat(Flags.client().isClosed()).isFalse();
            assertThat(Flags.isEnabled(KEY)).isTrue();
        }
    }

    @Test
    void failedTestLeavesTheWayFreeForTheNext() {
        run(Failing.class).assertStatistics(tests -> tests.failed(3));

        assertThat(Flags.client().isClosed()).isTrue();
        assertThat(Flags.isEnabled(KEY)).isTrue();
    }

    @InstallsFlags
    static class Failing {

        @RepeatedTest(3)
        void fails(TestFlags flags) {
            assertThat(Flags.client()).isSameAs(flags.client());
            flags.off(KEY);
            throw new AssertionError("on purpose");
        }
    }

    @Test
    void clientThatATestClosesItselfIsNoFault() {
        run(ClosingItsClient.class).assertStatistics(tests -> tests.succeeded(2).failed(0));
    }

    @InstallsFlags
    static class ClosingItsClient {

        @RepeatedTest(2)
        void closesIt(FlagClient client) {
            client.close();
        }
    }

    @Test
    void liveClientOfTheApplicationIsNotPushedAside() {
        try (FlagClient ofTheApplication = FlagClient.builder().build()) {
            Flags.install(ofTheApplication);

            Events tests = run(WithoutParameters.class);

            tests.failed()
                    .assertEventsMatchLooselyInOrder(finishedWithFailure(instanceOf(IllegalStateException.class)));
            tests.assertStatistics(statistics -> statistics.failed(2));
            assertThat(Flags.client()).isSameAs(ofTheApplication);
        }
    }
}
