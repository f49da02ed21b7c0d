package io.pratique.probes;

import io.pratique.probes.Migration.State;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether a database's schema is as new as the program needs it, by reading the history of Flyway, Liquibase or
 * Prisma Migrate; none of them need be there. Each setter gives a new probe.
 *
 * <pre>{@code
 * MigrationProbe.flyway(dataSource).minimum("42.1").schema("orders")
 * }</pre>
 *
 * <p>Up, if no migration has failed and the minimum has been applied; it is not asked for again after that, since
 * migrations only go forward under a running program. Down, if the history is not there, if a migration has failed or has
 * not finished, or if the minimum is missing. If the pool gives no connection in time, the check is broken: that says
 * nothing of the schema.
 */
public final class MigrationProbe implements Probe {

    private final MigrationTool tool;
    private final DataSource dataSource;
    private final Duration timeout;
    private final @Nullable String minimum;
    private final @Nullable String schema;
    private final String table;

    private final ConnectionLine line;
    private volatile boolean satisfied;

    private MigrationProbe(
            MigrationTool tool,
            DataSource dataSource,
            Duration timeout,
            @Nullable String minimum,
            @Nullable String schema,
            String table) {
        this.tool = tool;
        this.dataSource = dataSource;
        this.timeout = timeout;
        this.minimum = minimum;
        this.schema = schema;
        this.table = table;
        this.line = ConnectionLine.over(dataSource);
    }

    /**
     * Reads {@code flyway_schema_history}.
     *
     * @param dataSource the application's own; not closed by this probe
     * @return a probe that is content with any history without failures
     * @throws IllegalArgumentException if it is null
     */
    public static MigrationProbe flyway(DataSource dataSource) {
        return of(MigrationTool.FLYWAY, dataSource);
    }

    /**
     * Reads {@code DATABASECHANGELOG} of Liquibase.
     *
     * @param dataSource the application's own; not closed by this probe
     * @return a probe that is content with any history without failures
     * @throws IllegalArgumentException if it is null
     */
    public static MigrationProbe liquibase(DataSource dataSource) {
        return of(MigrationTool.LIQUIBASE, dataSource);
    }

    /**
     * Reads {@code _prisma_migrations}.
     *
     * @param dataSource the application's own; not closed by this probe
     * @return a probe that is content with any history without failures
     * @throws IllegalArgumentException if it is null
     */
    public static MigrationProbe prisma(DataSource dataSource) {
        return of(MigrationTool.PRISMA, dataSource);
    }

    private static MigrationProbe of(MigrationTool tool, DataSource dataSource) {
        return new MigrationProbe(
                tool,
                Arguments.required("The data source of a MigrationProbe", dataSource),
                Timeouts.DEFAULT,
                null,
                null,
                tool.table());
    }

    /**
     * What has to have been applied: for Flyway a version, which is reached by it or any higher one, compared number by
     * number; for Liquibase the id of a change set, or {@code file::id::author} if ids are not unique; for Prisma the
     * name of a migration.
     *
     * @param minimum a version, an id or a name
     * @return a new probe
     * @throws IllegalArgumentException if it is null or blank, or for Flyway no version
     */
    public MigrationProbe minimum(String minimum) {
        String required = tool.requireMinimum("The minimum of a MigrationProbe", minimum);
        return new MigrationProbe(tool, dataSource, timeout, required, schema, table);
    }

    /**
     * The schema that the history is in. Unless set, it is the one that the connection finds without a name.
     *
     * @param schema letters, digits and underscores
     * @return a new probe
     * @throws IllegalArgumentException if it is anything else
     */
    public MigrationProbe schema(String schema) {
        String name = Arguments.identifier("The schema of a MigrationProbe", schema);
        return new MigrationProbe(tool, dataSource, timeout, minimum, name, table);
    }

    /**
     * The table that the history is in, if the tool was given another name for it.
     *
     * @param table letters, digits and underscores
     * @return a new probe
     * @throws IllegalArgumentException if it is anything else
     */
    public MigrationProbe table(String table) {
        String name = Arguments.identifier("The table of a MigrationProbe", table);
        return new MigrationProbe(tool, dataSource, timeout, minimum, schema, name);
    }

    /**
     * How long a check may take, half of it for a connection.
     *
     * @param timeout from a millisecond to an hour
     * @return a new probe
     * @throws IllegalArgumentException if it is anything else
     */
    public MigrationProbe timeout(Duration timeout) {
        Duration length = Timeouts.require("MigrationProbe", timeout);
        return new MigrationProbe(tool, dataSource, length, minimum, schema, table);
    }

    @Override
    public ProbeResult check() throws Exception {
        if (satisfied) {
            return ProbeResult.up();
        }
        Duration step = timeout.dividedBy(2);
        ProbeResult found = line.ask(this::ask, step);
        if (found == null) {
            throw new SQLTransientConnectionException("no connection from the pool within " + Timeouts.shown(step));
        }
        return found;
    }

    private ProbeResult ask(Connection connection) throws SQLException {
        String quote = connection.getMetaData().getIdentifierQuoteString();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(tool.query(schema, table, quote))) {
            // The last word on each counts.
            Map<String, Migration> history = new LinkedHashMap<>();
            while (rows.next()) {
                Migration row = tool.read(rows);
                history.put(row.key(), row);
            }
            return judge(history.values());
        } catch (SQLException thrown) {
            if (SqlFault.isTableMissing(thrown)) {
                return ProbeResult.down("there is no table " + table + ": no migration has run");
            }
            throw thrown;
        }
    }

    private ProbeResult judge(Collection<Migration> history) {
        for (Migration each : history) {
            if (each.state() == State.FAILED || each.state() == State.UNFINISHED) {
                String fault = each.state() == State.FAILED ? "\" failed" : "\" has not finished";
                return ProbeResult.down("migration \"" + each.name() + fault);
            }
        }
        String needed = minimum;
        if (needed != null
                && history.stream().noneMatch(each -> each.state() == State.APPLIED && tool.satisfies(each, needed))) {
            return ProbeResult.down("migration \"" + needed + "\" is needed, and has not been applied");
        }
        satisfied = true;
        return ProbeResult.up();
    }

    /** By SQL state along the causes; what is not known here is for the rules of all probes. */
    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return SqlFault.classify(failure);
    }

    @Override
    public ProbeSettings settings() {
        return Timeouts.settings(timeout);
    }

    /** The table, and what is needed of it. */
    @Override
    public String toString() {
        return "MigrationProbe[" + (schema == null ? "" : schema + ".") + table
                + (minimum == null ? "]" : ", at least " + minimum + "]");
    }
}
