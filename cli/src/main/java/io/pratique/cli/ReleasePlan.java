package io.pratique.cli;

import io.pratique.release.FileReleaseLock;
import io.pratique.release.Release;
import io.pratique.release.ReleaseLock;
import io.pratique.release.incidents.Incidents;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a release does, whatever its version. Closed when nothing that it gave is used any more. */
final class ReleasePlan implements AutoCloseable {

    /** For a plan that is asked only where its releases are kept. */
    private static final String NO_VERSION = "unknown";

    private final Planning plan;
    private final @Nullable Path directory;
    private final Closing classes;

    /** What is closed with the plan. */
    @FunctionalInterface
    interface Closing extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A plan.
     *
     * @param directory of the command line, for a plan that does not say; null if none is given
     */
    ReleasePlan(Planning plan, @Nullable Path directory, Closing classes) {
        this.plan = plan;
        this.directory = directory;
        this.classes = classes;
    }

    /**
     * A release of a version, with its directory.
     *
     * @throws IllegalArgumentException if the plan refuses the version, or nobody says which directory, or two do
     */
    Release.Builder of(String version) {
        Release.Builder builder = plan.of(version);
        Path own = builder.directory();
        if (directory != null && own != null && !same(directory, own)) {
            throw new IllegalArgumentException("--directory must be the plan's own, which is \"" + own + "\", but is \""
                    + directory + "\"; leave it out");
        }
        Path known = own == null ? directory : own;
        if (known == null) {
            throw new IllegalArgumentException("the plan does not say where journals are kept; give --directory");
        }
        return plan.completed(builder.directory(known), known);
    }

    private static boolean same(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    ReleasePlace place() {
        Release.Builder builder = of(NO_VERSION);
        Path known = Objects.requireNonNull(builder.directory());
        ReleaseLock lock = builder.lock();
        return new ReleasePlace(known, lock == null ? FileReleaseLock.in(known) : lock);
    }

    /** The incidents, with all who are told of them. */
    Incidents incidents() {
        return plan.incidents(place().directory());
    }

    @Override
    public void close() {
        classes.close();
    }
}
