package io.pratique.db;

import java.util.concurrent.atomic.AtomicInteger;

/** Names of schemas, so that tests can share a server and nothing else. */
final class TestSchema {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private TestSchema() {}

    static String next() {
        return "test_" + ProcessHandle.current().pid() + "_" + NUMBERS.incrementAndGet();
    }
}
