/** Flags and readiness gates: evaluation, caching, scheduling, and the interfaces that sources and probes implement. */
@SuppressWarnings("module") // of the modules that text is for, some are built after this one
module io.pratique.core {
    requires static transitive org.jspecify;
    requires com.github.benmanes.caffeine;
    requires static java.sql;
    requires org.slf4j;

    exports io.pratique.flags;
    exports io.pratique.flags.spi;
    exports io.pratique.readiness;
    exports io.pratique.text to
            io.pratique.cli,
            io.pratique.config,
            io.pratique.env;

    uses io.pratique.flags.spi.FlagSource;
}
