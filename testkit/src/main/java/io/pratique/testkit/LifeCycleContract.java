package io.pratique.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a closed source does, and its name. */
class LifeCycleContract extends ContractGroup {

    LifeCycleContract(FlagSourceContract contract) {
        super(contract);
    }

    @Test
    void loadAfterCloseThrows() throws Exception {
        write(KEY, "off");
        FlagSource source = open();
        assertLoads(Map.of(KEY, "off"), source);

        source.close();

        assertThrows(Exception.class, source::load, "load() of a closed source");
    }

    @Test
    void reloadAfterCloseThrows() throws Exception {
        write(KEY, "off");
        FlagSource source = open();
        FlagSet before = source.load();

        source.close();

        assertThrows(Exception.class, () -> source.reload(before), "reload(..) of a closed source");
    }

    @Test
    void closeIsIdempotent() throws Exception {
        FlagSource source = open();
        assertLoads(Map.of(), source);

        source.close();

        assertDoesNotThrow(source::close, "the second close()");
        assertThrows(Exception.class, source::load, "load() of a source that was closed twice");
    }

    @Test
    void sourceThatNeverLoadedCanBeClosed() throws Exception {
        FlagSource source = open();

        assertDoesNotThrow(source::close, "close() before the first load");

        assertThrows(Exception.class, source::load, "load() of a source that was closed before its first load");
    }

    @Test
    void closingOneSourceLeavesAnotherAlone() throws Exception {
        write(KEY, "off");
        FlagSource one = open();
        FlagSource other = open();
        assertLoads(Map.of(KEY, "off"), one);
        assertLoads(Map.of(KEY, "off"), other);

        one.close();

        assertLoads(Map.of(KEY, "off"), other);
        assertLoads(Map.of(KEY, "off"), open());
    }

    @Test
    void nameIsNeverNullAndNeverChanges() throws Exception {
        FlagSource source = open();
        String name = source.name();
        assertNotNull(name, "name() before the first load");

        assertLoads(Map.of(), source);
        assertEquals(name, source.name(), "name() after a load");

        source.close();
        assertEquals(name, source.name(), "name() after close()");
    }
}
