package io.pratique.testkit;

import io.pratique.flags.spi.FlagStore;
import java.time.InstantSource;
import org.junit.jupiter.api.Tag;

/** The store of this module passes every test of its own contract. */
@Tag("B-4")
@Tag("B-5")
@Tag("B-7")
class InMemoryFlagStoreContractTest extends FlagStoreContract {

    private final InMemoryFlagStore server = new InMemoryFlagStore(InstantSource.system());

    @Override
    protected FlagStore openStore() {
        return server.another();
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
}
