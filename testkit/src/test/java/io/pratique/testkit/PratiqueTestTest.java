package io.pratique.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.pratique.flags.FlagClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs the nested static classes below as test classes of their own. */
class PratiqueTestTest {

    private static final String KEY = "outbox-processing";

    private static EngineExecutionResults run(Class<?> testClass) {
        return run(testClass, true);
    }

    private static EngineExecutionResults run(Class<?> testClass, boolean storesClose) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "8")
                .configurationParameter("junit.jupiter.extensions.store.close.autocloseable.enabled", "" + storesClose)
                .execute();
    }

    @Test
    void testsInParallelEachHaveTheirOwn() {
        ManyInParallel.SEEN.clear();

        run(ManyInParallel.class)
                .testEvents()
                .assertStatistics(tests -> tests.succeeded(100).failed(0));

        assertThat(ManyInParallel.SEEN).hasSize(100).doesNotHaveDuplicates().allMatch(FlagClient::isClosed);
    }

    @PratiqueTest
    static class ManyInParallel {

        static final Collection<FlagClient> SEEN = new ConcurrentLinkedQueue<>();
        private static final CountDownLatch FOUR_AT_ONCE = new CountDownLatch(4);

        @RepeatedTest(100)
        void seesItsOwnSwitchesOnly(FlagClient client, TestFlags flags) throws Exception {
            SEEN.add(client);
            FOUR_AT_ONCE.countDown();
            assertThat(FOUR_AT_ONCE.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.isEnabled(KEY)).isTrue();

            flags.off(KEY);

            ExecutorService workers = Executors.newFixedThreadPool(3);
            try {
                List<Future<Boolean>> answers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    answers.add(workers.submit(() -> client.isEnabled(KEY)));
                }
                for (Future<Boolean> answer : answers) {
                    assertThat(answer.get()).isFalse();
                }
                workers.submit(() -> flags.on(KEY)).get();
            } finally {
                workers.shutdownNow();
            }
            assertThat(client.isEnabled(KEY)).isTrue();
        }
    }

    @Test
    void allParametersOfATestBelongTogether() {
        run(EveryPlace.class)
                .testEvents()
                .assertStatistics(tests -> tests.succeeded(4).failed(0));
    }

    @PratiqueTest
    static class EveryPlace {

        private final TestFlags ofConstructor;
        private FlagClient ofBeforeEach;

        EveryPlace(TestFlags ofConstructor) {
            this.ofConstructor = ofConstructor;
        }

        @BeforeEach
        void prepare(FlagClient client) {
            ofBeforeEach = client;
        }

        @Test
        void belongTogether(TestFlags flags, FlagClient client) {
            assertThat(flags).isSameAs(ofConstructor);
            assertThat(client).isSameAs(ofBeforeEach).isSameAs(flags.client());
            flags.off(KEY);
        }

        @RepeatedTest(2)
        void areNewInEachRepetition(TestFlags flags, FlagClient client) {
            belongTogether(flags, client);
        }

        @AfterEach
        void isStillOpen(FlagClient client) {
            assertThat(client).isSameAs(ofBeforeEach);
            assertThat(client.isClosed()).isFalse();
            assertThat(client.isEnabled(KEY)).isFalse();
        }

        @Nested
        class Inside {

            @Test
            void belongTogetherToo(TestFlags flags, FlagClient client) {
                belongTogether(flags, client);
            }
        }
    }

    @Test
    void clientOfAFailedTestIsClosedToo() {
        run(Failing.class).testEvents().assertStatistics(tests -> tests.failed(2));

        assertThat(Failing.ofTest).isCompletedWithValueMatching(FlagClient::isClosed);
    }

    @Test
    void clientIsClosedThoughStoresCloseNothing() {
        ManyInParallel.SEEN.clear();

        run(ManyInParallel.class, false).testEvents().assertStatistics(tests -> tests.succeeded(100));

        assertThat(ManyInParallel.SEEN).hasSize(100).allMatch(FlagClient::isClosed);
    }

    @PratiqueTest
    static class Failing {

        static final CompletableFuture<FlagClient> ofTest = new CompletableFuture<>();

        @Test
        void fails(FlagClient client) {
            ofTest.complete(client);
            throw new AssertionError("on purpose");
        }

        @Test
        void failsToo() {
            throw new AssertionError("on purpose, without having asked for anything");
        }
    }

    @Test
    void clientOfAConstructorThatThrowsIsClosedToo() {
        run(FailingInConstructor.class).testEvents().assertStatistics(tests -> tests.failed(1));

        assertThat(FailingInConstructor.client).isCompletedWithValueMatching(FlagClient::isClosed);
    }

    @PratiqueTest
    static class FailingInConstructor {

        static final CompletableFuture<FlagClient> client = new CompletableFuture<>();

        FailingInConstructor(FlagClient client) {
            FailingInConstructor.client.complete(client);
            throw new AssertionError("on purpose");
        }

        @Test
        void isNeverReached() {}
    }

    @Test
    void parameterForAllTestsIsRefused() {
        run(BeforeAllTests.class)
                .containerEvents()
                .failed()
                .assertEventsMatchExactly(finishedWithFailure(
                        instanceOf(ParameterResolutionException.class),
                        message(text -> text.contains("a TestFlags belongs to one test")
                                && text.contains("ask for it in the test method or in @BeforeEach"))));
    }

    @PratiqueTest
    static class BeforeAllTests {

        @BeforeAll
        static void prepare(TestFlags flags) {
            flags.off(KEY);
        }

        @Test
        void isNeverReached() {}
    }

    @Test
    void testsOfOneInstanceEachHaveTheirOwn() {
        run(SharedInstance.class).testEvents().assertStatistics(tests -> tests.succeeded(2));
    }

    @PratiqueTest
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class SharedInstance {

        private final Collection<FlagClient> seen = new ConcurrentLinkedQueue<>();

        @RepeatedTest(2)
        void stillHasOneForEachTest(FlagClient client) {
            assertThat(seen).doesNotContain(client);
            seen.add(client);
        }
    }

    @Test
    void otherParametersAreLeftToOthers() {
        run(OtherParameter.class)
                .testEvents()
                .failed()
                .assertEventsMatchExactly(finishedWithFailure(message(
                        text -> text.contains("No ParameterResolver registered for parameter [java.lang.String"))));
    }

    @PratiqueTest
    static class OtherParameter {

        @Test
        void isNotResolved(String text) {}
    }
}
