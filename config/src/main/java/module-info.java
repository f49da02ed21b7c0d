/** Configuration that is checked before anything else starts. */
module io.pratique.config {
    requires io.pratique.core;
    requires com.fasterxml.jackson.databind;
    requires static transitive org.jspecify;

    exports io.pratique.config;
}
