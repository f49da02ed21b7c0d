package io.pratique.testkit;

import io.pratique.flags.spi.FlagStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract over a server in memory: a sound store, or one with the defect that the run's configuration names. */
@ExtendWith(MemoryStoreContract.DefectOfTheRun.class)
class MemoryStoreContract extends FlagStoreContract {

    private final Defect<InMemoryFlagStore, FlagStore> defect;
    private final InMemoryFlagStore server = new InMemoryFlagStore(InstantSource.system());

    MemoryStoreContract(Defect<InMemoryFlagStore, FlagStore> defect) {
        this.defect = defect;
    }

    @Override
    protected FlagStore openStore() throws Exception {
        return defect == null ? server.another() : defect.factory().open(server);
    }

    @Override
    protected void takeBackendAway() {
        server.takeAway();
    }

    @Override
    protected void bringBackendBack() {
        server.bringBack();
    }

    @Override
    protected void cutPush() {
        server.cutPush();
    }

    @Override
    protected void mendPush() {
        server.mendPush();
    }

    @Override
    protected void wipe() {
        server.wipe();
    }

    @Override
    protected Backup backUp() {
        InMemoryFlagStore.Backup backup = server.backUp();
        return () -> server.restore(backup);
    }

    @Override
    protected Duration patience() {
        // A test that should fail may do so soon: none is expected to pass with a defect.
        return defect == null ? super.patience() : Duration.ofMillis(100);
    }

    static Stream<Defect<InMemoryFlagStore, FlagStore>> defects() {
        return Stream.of(WriteDefects.ALL, RaceDefects.ALL, TellingDefects.ALL, TimeBoxDefects.ALL, ServerDefects.ALL)
                .flatMap(List::stream);
    }

    static final class DefectOfTheRun extends ContractRun.DefectResolver {
        DefectOfTheRun() {
            super(defects());
        }
    }
}
