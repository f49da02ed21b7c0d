package io.pratique.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.pratique.release.PostgresReleaseLock;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The lock in PostgreSQL, by the URL of its database. */
final class PostgresLock {

    private static final Logger DRIVER = Logger.getLogger("org.postgresql");
    private static final int TIMEOUT_SECONDS = 10;

    private PostgresLock() {}

    /** As a plan's file has it. */
    static PostgresReleaseLock of(JsonNode node) {
        PlanObject lock = new PlanObject("the lock", node, Set.of("postgres", "name"));
        return of(lock.text("postgres"), lock.text("name"));
    }

    /**
     * A lock that is asked for with its first use.
     *
     * @throws IllegalArgumentException if the URL is none of PostgreSQL, or the name is blank
     */
    static PostgresReleaseLock of(String url, String name) {
        return PostgresReleaseLock.over(database(PostgresUrl.parse(url)), name);
    }

    private static DataSource database(PostgresUrl url) {
        // It logs URLs, with what somebody took for a place of the password.
        DRIVER.setLevel(Level.OFF);
        PGSimpleDataSource database = new PGSimpleDataSource();
        try {
            database.setURL(url.jdbc());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the URL of a lock's database cannot be taken apart; write postgresql://user@host/database");
        }
        if (url.user() != null) {
            database.setUser(url.user());
        }
        if (database.getPassword() == null) {
            database.setPassword(url.password());
        }
        database.setApplicationName("pratique-release");
        database.setConnectTimeout(TIMEOUT_SECONDS);
        database.setSocketTimeout(TIMEOUT_SECONDS);
        return database;
    }
}
