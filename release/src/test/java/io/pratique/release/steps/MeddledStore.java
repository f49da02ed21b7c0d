package io.pratique.release.steps;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import java.util.List;

/** A real store with somebody between who does something around each write. */
record MeddledStore(FlagStore store, Meddler meddler) implements FlagStore {

    /** Writes, or does not, and does something more. */
    @FunctionalInterface
    interface Meddler {
        List<FlagRevision> write(FlagStore store, List<FlagWrite> writes);
    }

    @Override
    public List<FlagRevision> write(List<FlagWrite> writes) {
        return meddler.write(store, writes);
    }

    @Override
    public List<FlagRevision> list() {
        return store.list();
    }

    @Override
    public List<FlagRevision> history(String key, int limit) {
        return store.history(key, limit);
    }

    @Override
    public void accept(String lostEpoch, Attribution by) {
        store.accept(lostEpoch, by);
    }

    @Override
    public FlagSet load() throws Exception {
        return store.load();
    }
}
