package io.pratique.testkit;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Whether the contract passes sound sources and catches each defect. */
@Tag("B-5")
class FlagSourceContractTest {

    @Test
    void soundSourcePassesEveryTest() {
        Events tests = ContractRun.of(MemoryContract.class);

        assertThat(ContractRun.names(tests.failed())).isEmpty();
        assertThat(ContractRun.names(tests.aborted())).containsExactly("Watching.sourceThatAnnouncesNothingSaysSo");
        assertThat(tests.succeeded().count()).isGreaterThan(40);
    }

    @Test
    void testsThatASourceCannotTakeAreSkipped() {
        Events tests = ContractRun.of(ModestContract.class);

        assertThat(ContractRun.names(tests.failed())).isEmpty();
        assertThat(ContractRun.names(tests.aborted()))
                .contains(
                        "Loading.oddKeysAreDeliveredExactlyAndApart",
                        "Loading.controlCharactersAreDeliveredExactly",
                        "Reloading.setWithAHistoryMarkServesAnotherSource",
                        "Outages.loadThrowsWhileTheBackendIsAway",
                        "Outages.watchOutlivesTheOutage",
                        "Watching.newKeyIsAnnouncedAndTheNextLoadSeesIt")
                .doesNotContain("Loading.textsAreDeliveredExactly", "Watching.sourceThatAnnouncesNothingSaysSo");
    }

    @Test
    void failureNamesTheFlagAndBothTexts() {
        Event failed = ContractRun.of(MemoryContract.class, "trims texts").failed().stream()
                .filter(event -> ContractRun.name(event.getTestDescriptor()).equals("Loading.textsAreDeliveredExactly"))
                .findFirst()
                .orElseThrow();

        assertThat(failed.getRequiredPayload(TestExecutionResult.class).getThrowable())
                .get(InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("load() differs from what was written")
                .hasMessageContaining("\"text-2\" (6 characters) should be \" off\" (4 characters) and is \"off\"");
    }

    /** A source that can do little: it is polled, keeps no history, and holds plain keys and words. */
    static class ModestContract extends FlagSourceContract {

        private final Map<String, String> values = new ConcurrentHashMap<>();

        @Override
        protected FlagSource openSource() {
            return new FlagSource() {
                private volatile boolean closed;

                @Override
                public FlagSet load() throws IOException {
                    if (closed) {
                        throw new IOException("closed");
                    }
                    return FlagSet.of(values);
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        }

        @Override
        protected void write(Map<String, String> written) {
            values.putAll(written);
        }

        @Override
        protected void remove(String key) {
            values.remove(key);
        }

        @Override
        protected boolean canHoldKey(String key) {
            return key.matches("[a-z0-9]+(-[a-z0-9]+)*") && key.length() < 100;
        }

        @Override
        protected boolean canHoldValue(String value) {
            return value.matches("\\w+");
        }

        @Override
        protected boolean announcesChanges() {
            return false;
        }
    }

    static Stream<Defect<MemoryBackend, FlagSource>> defects() {
        return MemoryContract.defects();
    }

    @ParameterizedTest
    @MethodSource("defects")
    void defectIsCaught(Defect<MemoryBackend, FlagSource> defect) {
        Events tests = ContractRun.of(MemoryContract.class, FlagSourceContract.class, defect);

        assertThat(ContractRun.names(tests.failed())).containsExactlyInAnyOrderElementsOf(defect.caughtBy());
    }

    @Test
    void everyTestOfTheContractCatchesSomeDefect() {
        Set<String> catching =
                defects().flatMap(defect -> defect.caughtBy().stream()).collect(toCollection(TreeSet::new));

        assertThat(catching)
                .isEqualTo(
                        ContractRun.names(ContractRun.of(MemoryContract.class).started()));
    }
}
