package io.pratique.env;

import java.io.IOException;

/**
 * How an origin of variables looked at one moment, from outside. Two equal looks mean the same content, as far as can
 * be told without reading it.
 */
interface Look {

    /**
     * Reads what had this look. Files may have changed since; whether they have, another look tells.
     *
     * @throws IOException if there is nothing to read, or nothing that can be believed
     */
    void readInto(Draft draft) throws IOException;

    /** Whether nothing can change without another look, so that what was read need not be read again. */
    boolean isExact();

    /** The look of something that is not there or cannot be read: an outage, not an empty set. */
    record Outage(String message) implements Look {

        @Override
        public void readInto(Draft draft) throws IOException {
            throw new IOException(message);
        }

        @Override
        public boolean isExact() {
            return false;
        }
    }
}
