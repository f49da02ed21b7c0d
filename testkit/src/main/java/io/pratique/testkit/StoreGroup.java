package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.HistoryMark;
import java.util.List;

/** A group of a store's tests. */
abstract class StoreGroup extends ContractGroup {

    /** Who makes changes here, where it does not matter. */
    static final Attribution BY = Attribution.of("contract-suite", "a test");

    /** Two further keys that every server can hold. */
    static final String OTHER = "cleanup";

    static final String THIRD = "voice-retry";

    private final FlagStoreContract contract;

    StoreGroup(FlagStoreContract contract) {
        super(contract);
        this.contract = contract;
    }

    final FlagStoreContract server() {
        return contract;
    }

    final FlagStore openStore() throws Exception {
        FlagStore store = contract.openStore();
        assertNotNull(store, "openStore() returned null");
        return contract.closedByTheSuite(store);
    }

    /** The client of an application that reads this server. */
    final ClientView openClient() throws Exception {
        return contract.closedByTheSuite(ClientView.of(open(), contract.patience()));
    }

    /** A client that learns of nothing but by polling, which it does when it is told to or time passes for it. */
    final ClientView openPollingClient() throws Exception {
        return contract.closedByTheSuite(ClientView.of(new Polled(open()), contract.patience()));
    }

    /** A source without its push. */
    private record Polled(FlagSource source) implements FlagSource {

        @Override
        public FlagSet load() throws Exception {
            return source.load();
        }

        @Override
        public FlagSet reload(FlagSet previous) throws Exception {
            return source.reload(previous);
        }
    }

    static FlagWrite set(String key, String value) {
        return FlagWrite.set(key, value, BY);
    }

    static FlagWrite clear(String key) {
        return FlagWrite.clear(key, BY);
    }

    /** The mark of a set that was read after a first change. */
    static HistoryMark markOf(FlagSet set) {
        HistoryMark mark = set.historyMark();
        if (mark == null) {
            throw new AssertionError("a set from a store that was written to has no history mark");
        }
        return mark;
    }

    /** Reloads, and looks whether the set is the same as one that another reader loads afresh. */
    final FlagSet assertReloadsAsFresh(FlagSource reader, FlagSet before, String after) throws Exception {
        FlagSet reloaded = reader.reload(before);
        assertAgree(open().load(), reloaded, "reload(..) after " + after);
        return reloaded;
    }

    /** The newest revision of a flag that was written before. */
    static FlagRevision newest(FlagStore store, String key) {
        List<FlagRevision> history = store.history(key, 1);
        assertEquals(1, history.size(), "revisions in history(.., 1)");
        return history.get(0);
    }
}
