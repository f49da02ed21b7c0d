package io.pratique.flags;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A source that says what a test has set, or fails while it is told to. */
final class SettableSource implements FlagSource {

    private final String name;
    private volatile FlagSet set = FlagSet.empty();
    private volatile boolean down;

    SettableSource(String name) {
        this.name = name;
    }

    SettableSource says(String key, String value) {
        return says(set.toBuilder().put(key, value).build());
    }

    SettableSource says(Map<String, String> values) {
        return says(FlagSet.of(values));
    }

    SettableSource says(FlagSet said) {
        set = said;
        return this;
    }

    SettableSource lacks(String key) {
        return says(set.toBuilder().remove(key).build());
    }

    SettableSource down(boolean isDown) {
        down = isDown;
        return this;
    }

    @Override
    public FlagSet load() throws IOException {
        if (down) {
            throw new IOException("connection refused");
        }
        return set;
    }

    @Override
    public String name() {
        return name;
    }

    /** Has a client load all its sources and waits for that. */
    static void refresh(FlagClient flags) throws Exception {
        flags.refresh().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }
}
