package io.pratique.metrics;

import java.time.Instant;
import java.util.List;

/** Reads from memory what the meters of a binder show. Called by any thread, by several at once with several registries. */
@FunctionalInterface
interface RowSource {

    /**
     * All rows, each key once.
     *
     * @param now by the registry's clock
     */
    List<Row> read(Instant now);
}
