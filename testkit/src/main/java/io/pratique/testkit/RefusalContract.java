package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagStoreException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a store does whose server is out of reach, and one that is closed: it says so, and never that it has written. */
class RefusalContract extends StoreGroup {

    RefusalContract(FlagStoreContract contract) {
        super(contract);
    }

    private static Map<String, Executable> everythingAskedOf(FlagStore store) {
        return Map.of(
                "set(..)", () -> store.set(KEY, "on", BY),
                "compareAndSet(..)", () -> store.compareAndSet(KEY, 0, "on", BY),
                "clear(..)", () -> store.clear(KEY, BY),
                "list()", store::list,
                "history(..)", () -> store.history(KEY, 10),
                "accept(..)", () -> store.accept("an-epoch", BY));
    }

    @Test
    void storeOutOfReachThrows() throws Exception {
        FlagStore store = openStore();
        store.set(KEY, "off", BY);

        server().takeBackendAway();

        everythingAskedOf(store)
                .forEach((what, asked) ->
                        assertThrows(FlagStoreException.class, asked, () -> what + " while the server is away"));
    }

    @Test
    void storeWorksAgainOnceTheServerIsBack() throws Exception {
        FlagStore store = openStore();
        FlagRevision first = store.set(KEY, "off", BY);
        server().takeBackendAway();
        assertThrows(FlagStoreException.class, store::list, "list() while the server is away");

        server().bringBackendBack();

        FlagRevision second = store.set(KEY, "on", BY);
        assertEquals(List.of(second, first), store.history(KEY, 10), "history(..)");
    }

    @Test
    void storeOpenedWhileTheServerIsAwayWorksLater() throws Exception {
        server().takeBackendAway();
        FlagStore store = openStore();
        assertThrows(FlagStoreException.class, () -> store.set(KEY, "off", BY), "set(..) while the server is away");

        server().bringBackendBack();

        FlagRevision made = store.set(KEY, "on", BY);
        assertEquals(List.of(made), store.list(), "list()");
    }

    @Test
    void closedStoreThrows() throws Exception {
        FlagStore store = openStore();
        FlagRevision made = store.set(KEY, "off", BY);

        store.close();

        everythingAskedOf(store)
                .forEach((what, asked) ->
                        assertThrows(RuntimeException.class, asked, () -> what + " of a closed store"));
        assertEquals(List.of(made), openStore().history(KEY, 10), "history(..) by another store");
    }

    @Test
    void storeThatWasNeverUsedThrowsOnceClosed() throws Exception {
        FlagStore store = openStore();

        store.close();
        store.close();

        everythingAskedOf(store)
                .forEach((what, asked) ->
                        assertThrows(RuntimeException.class, asked, () -> what + " of a closed store"));
    }

    @Test
    void epochThatCannotBeOneIsRefused() throws Exception {
        FlagStore store = openStore();

        assertThrows(IllegalArgumentException.class, () -> store.accept(" ", BY), "accept(..) of a blank epoch");
        assertThrows(
                IllegalArgumentException.class,
                () -> store.accept("e".repeat(101), BY),
                "accept(..) of an epoch of 101 characters");
    }
}
