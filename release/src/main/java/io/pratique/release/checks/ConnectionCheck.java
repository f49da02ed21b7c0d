package io.pratique.release.checks;

import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Looks whether a database takes a connection and answers on it. */
public final class ConnectionCheck implements StepAction {

    private static final int SECONDS = 10;

    private final DataSource database;

    private ConnectionCheck(DataSource database) {
        this.database = database;
    }

    /**
     * A check of one database.
     *
     * @param database not closed by this
     * @return the check
     * @throws IllegalArgumentException if it is null
     */
    public static ConnectionCheck of(DataSource database) {
        if (database == null) {
            throw new IllegalArgumentException("database of a check must be given, but is null");
        }
        return new ConnectionCheck(database);
    }

    /** Throws if there is no connection, or no answer on it within ten seconds. */
    @Override
    public void run(StepContext context) throws SQLException {
        try (Connection connection = database.getConnection()) {
            if (!connection.isValid(SECONDS)) {
                throw new SQLException("the database does not answer within " + SECONDS + " seconds");
            }
            DatabaseMetaData server = connection.getMetaData();
            context.tell(server.getDatabaseProductName() + " " + server.getDatabaseProductVersion());
        }
    }
}
