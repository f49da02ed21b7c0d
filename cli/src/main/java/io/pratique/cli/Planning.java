package io.pratique.cli;

import io.pratique.release.Release;
import io.pratique.release.incidents.Incidents;
import java.nio.file.Path;

/** What knows the steps of releases. */
@FunctionalInterface
interface Planning {

    /** A release of a version, perhaps without a directory. */
    Release.Builder of(String version);

    /** Adds to a release what needs to know where it is kept. */
    default Release.Builder completed(Release.Builder builder, Path directory) {
        return builder;
    }

    /** The incidents of a directory, with all who are told of them. */
    default Incidents incidents(Path directory) {
        return Incidents.in(directory);
    }
}
