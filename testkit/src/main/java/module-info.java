/** Contract suites for sources and stores, fakes, and a JUnit extension. */
module io.pratique.testkit {
    requires transitive io.pratique.core;
    requires java.management;
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;

    exports io.pratique.testkit;

    // The tests of a contract are no API: JUnit alone calls them.
    opens io.pratique.testkit to
            org.junit.platform.commons;
}
