/** Releases that are checked before, journalled, verified after, and undone by themselves when they fail. */
module io.pratique.release {
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires transitive io.pratique.core;
    requires java.net.http;
    requires jdk.management;
    requires transitive java.sql;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.pratique.release;
    exports io.pratique.release.checks;
    exports io.pratique.release.incidents;
    exports io.pratique.release.steps;
}
