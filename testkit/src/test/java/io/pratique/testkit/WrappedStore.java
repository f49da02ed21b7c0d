package io.pratique.testkit;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.Subscription;
import java.util.List;
import java.util.Optional;

/** A sound store over a server in memory; the defective ones override what they get wrong. */
class WrappedStore implements FlagStore {

    final InMemoryFlagStore store;

    WrappedStore(InMemoryFlagStore server) {
        this.store = server.another();
    }

    @Override
    public FlagSet load() throws Exception {
        return store.load();
    }

    @Override
    public FlagSet reload(FlagSet previous) throws Exception {
        return store.reload(previous);
    }

    @Override
    public Subscription watch(Runnable changed) {
        return store.watch(changed);
    }

    @Override
    public List<FlagRevision> write(List<FlagWrite> writes) {
        return store.write(writes);
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
    public void close() {
        store.close();
    }

    /** The flag as it is now, if it is there. */
    Optional<FlagRevision> current(String key) {
        return store.list().stream().filter(flag -> flag.key().equals(key)).findFirst();
    }

    static FlagWrite withValue(FlagWrite write, String value) {
        return new FlagWrite(write.key(), value, write.lasting(), write.ifVersion(), write.by());
    }

    static FlagWrite withoutVersion(FlagWrite write) {
        return new FlagWrite(write.key(), write.value(), write.lasting(), null, write.by());
    }

    static FlagWrite by(FlagWrite write, Attribution by) {
        return new FlagWrite(write.key(), write.value(), write.lasting(), write.ifVersion(), by);
    }
}
