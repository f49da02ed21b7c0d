package io.pratique.testkit;

import org.junit.jupiter.api.Tag;

/** The store of this module passes every test of its own contract. */
@Tag("B-4")
@Tag("B-5")
@Tag("B-7")
class InMemoryFlagStoreContractTest extends MemoryStoreContract {

    InMemoryFlagStoreContractTest() {
        super(null);
    }
}
