/** Reads and writes flags in Redis: standalone, Sentinel and Cluster. */
@SuppressWarnings("requires-transitive-automatic") // Lettuce has a module name, but no module-info
module io.pratique.redis {
    requires transitive io.pratique.core;
    requires static transitive org.jspecify;
    requires transitive lettuce.core;
    requires org.slf4j;

    exports io.pratique.redis;
}
