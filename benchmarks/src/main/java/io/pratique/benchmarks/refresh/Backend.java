package io.pratique.benchmarks.refresh;

import java.io.IOException;
import java.util.OptionalLong;

/** A place where many flags are, of which a hundredth changes. All flags have the text {@code on} at first. */
interface Backend extends AutoCloseable {

    /** Starts one without flags. */
    static Backend start(String kind) throws Exception {
        return switch (kind) {
            case "postgres", "redis" -> new ServerBackend(kind);
            case "file" -> new FileBackend();
            case "directory" -> new DirectoryBackend();
            case "client" -> new ClientBackend();
            default ->
                throw new IllegalArgumentException("backend \"" + kind
                        + "\" is none of postgres, redis, file, directory, client; take one of them");
        };
    }

    /** The key of a flag. As short as this, 100,000 of them fit into a file. */
    static String key(int number) {
        return "f" + number;
    }

    /** How many flags change at once. */
    static int changing(int flags) {
        return Math.max(1, flags / 100);
    }

    /** What it is, in which version. */
    String title();

    /** Adds flags until there are so many. */
    void fill(int flags) throws Exception;

    /** Gives the first hundredth of the flags another text. */
    void change(String value) throws Exception;

    /** A new reader, which has not connected. */
    Reader open() throws Exception;

    /** A new reader of whose reading {@link #bytesRead} tells. */
    default Reader openCounted() throws Exception {
        return open();
    }

    /** The bytes that the counted readers have been sent so far, or that this process has read; empty if nobody counts. */
    OptionalLong bytesRead() throws Exception;

    /**
     * The rows and index entries that a server looks at for a call, at the mean.
     *
     * @param call what is counted
     * @return empty if the backend is no database
     */
    default OptionalLong rowsRead(Counted call) throws Exception {
        return OptionalLong.empty();
    }

    /** What {@link #rowsRead} counts. */
    enum Counted {
        LOAD,
        POLL_OF_NOTHING,
        POLL_OF_CHANGES
    }

    @Override
    void close() throws IOException;
}
