package io.pratique.benchmarks.refresh;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.util.Objects;

/** One who reads the flags of a backend again and again. Not for use by several threads at once. */
interface Reader extends AutoCloseable {

    /** Reads all flags, and connects before if that has not been done. */
    void load() throws Exception;

    /** Reads what has changed since the last time. */
    void poll() throws Exception;

    /** The text that it has of a flag. */
    String value(String key);

    /** The thread that does the work of {@link #load} and {@link #poll}. */
    default long thread() {
        return Thread.currentThread().getId();
    }

    @Override
    void close();

    /** A source alone, without a client that parses and publishes what it delivers. */
    final class OfSource implements Reader {

        private final FlagSource source;
        private FlagSet last = FlagSet.empty();

        OfSource(FlagSource source) {
            this.source = source;
        }

        @Override
        public void load() throws Exception {
            last = source.load();
        }

        @Override
        public void poll() throws Exception {
            last = source.reload(last);
        }

        @Override
        public String value(String key) {
            return Objects.requireNonNull(last.entries().get(key), key).value();
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
