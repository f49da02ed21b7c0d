/** Answers health requests and scrapes of metrics. */
module io.pratique.health {
    requires transitive io.pratique.core;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires jdk.httpserver;
    requires org.slf4j;

    exports io.pratique.health;
}
