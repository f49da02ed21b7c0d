package io.pratique.testkit;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagStore;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.Events;

/** Whether the contract of stores passes a sound store, skips what it cannot take, and catches each defect. */
@Tag("B-5")
class FlagStoreContractTest {

    @Test
    void testsThatAStoreCannotTakeAreSkipped() {
        Events tests = ContractRun.of(ModestContract.class);

        assertThat(ContractRun.names(tests.failed())).isEmpty();
        assertThat(ContractRun.names(tests.aborted()))
                .contains(
                        "Outages.loadThrowsWhileTheBackendIsAway",
                        "Refusing.storeOutOfReachThrows",
                        "Pushing.changeWhilePushIsCutReachesEveryClient",
                        "TimeBoxes.boxEndsWhileTheServerIsAway",
                        "LosingHistory.wipedServerIsNotBelieved",
                        "LosingHistory.olderServerIsNotBelieved")
                .doesNotContain(
                        "Loading.oddKeysAreDeliveredExactlyAndApart",
                        "Loading.textsAreDeliveredExactly",
                        "Pushing.everyKindOfChangeReachesEveryClient",
                        "LosingHistory.acceptingChangesNothingForReadersThatLostNothing");
    }

    /** A store of which the author has said nothing but how to open it. */
    static class ModestContract extends FlagStoreContract {

        private final InMemoryFlagStore server = new InMemoryFlagStore(InstantSource.system());

        @Override
        protected FlagStore openStore() {
            return server.another();
        }
    }

    static Stream<Defect<InMemoryFlagStore, FlagStore>> defects() {
        return MemoryStoreContract.defects();
    }

    @ParameterizedTest
    @MethodSource("defects")
    void defectIsCaught(Defect<InMemoryFlagStore, FlagStore> defect) {
        Events tests = ContractRun.of(MemoryStoreContract.class, FlagStoreContract.class, defect);

        assertThat(ContractRun.names(tests.failed())).containsExactlyInAnyOrderElementsOf(defect.caughtBy());
    }

    @Test
    void everyTestOfTheContractPassesASoundStoreAndCatchesSomeDefect() {
        Set<String> catching =
                defects().flatMap(defect -> defect.caughtBy().stream()).collect(toCollection(TreeSet::new));
        Set<String> groups = Arrays.stream(FlagStoreContract.class.getDeclaredClasses())
                .map(Class::getSimpleName)
                .collect(toCollection(TreeSet::new));

        Events tests = ContractRun.of(MemoryStoreContract.class);

        assertThat(ContractRun.names(tests.failed())).isEmpty();
        assertThat(ContractRun.names(tests.succeeded()))
                .filteredOn(test -> groups.contains(test.split("\\.", 2)[0]))
                .containsExactlyElementsOf(catching);
    }
}
