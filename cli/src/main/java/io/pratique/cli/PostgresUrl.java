package io.pratique.cli;

import io.pratique.flags.spi.FlagText;
import org.jspecify.annotations.Nullable;

/**
 * Where a database of PostgreSQL is.
 *
 * @param jdbc what the driver takes
 * @param user null if the URL for the driver names it
 * @param password that of the URL, or else the environment's PRATIQUE_PASSWORD; null if there is none
 */
record PostgresUrl(
        String jdbc, @Nullable String user, @Nullable String password) {

    /**
     * Reads {@code postgresql://user@host/database} or {@code jdbc:postgresql://host/database?user=user}.
     *
     * @throws IllegalArgumentException if it is neither; the URL is not shown
     */
    static PostgresUrl parse(String url) {
        String password = System.getenv("PRATIQUE_PASSWORD");
        if (url.startsWith("jdbc:postgresql:")) {
            return new PostgresUrl(url, null, password);
        }
        StoreUrl parsed = StoreUrl.parse(url).orPassword(password);
        if (!parsed.scheme().equals("postgresql") && !parsed.scheme().equals("postgres")) {
            throw new IllegalArgumentException("the URL of a database must begin with postgresql:// or"
                    + " jdbc:postgresql://, but is of scheme \"" + FlagText.printable(parsed.scheme()) + "\"");
        }
        return new PostgresUrl("jdbc:postgresql://" + parsed.hosts() + parsed.path(), parsed.user(), parsed.password());
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "PostgresUrl";
    }
}
