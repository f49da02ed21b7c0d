/** Shows flags, their sources, dependencies and jobs as Micrometer meters. */
@SuppressWarnings("requires-transitive-automatic") // Micrometer has a module name, but no module-info
module io.pratique.metrics {
    requires transitive io.pratique.core;
    requires static transitive org.jspecify;
    requires transitive micrometer.core;
    requires org.slf4j;

    exports io.pratique.metrics;
}
