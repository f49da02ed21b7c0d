package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Compares a directory of migrations with the history that Flyway or Prisma Migrate keeps in the database; neither of them
 * need be there. Immutable.
 *
 * <pre>{@code
 * Step.check("migrations", MigrationCheck.flyway(dataSource, Path.of("db/migration")))
 * }</pre>
 *
 * <p>It fails if a migration has failed or has not finished, if a file was changed after it was applied, if what was
 * applied has no file, if a file that was never applied is older than the newest that was, and if two files are of one
 * version. Migrations that are pending are told: before a release they are what it will apply. After it there must be
 * none: {@link #noPending()}. Where there is no history, all are pending.
 */
public final class MigrationCheck implements StepAction {

    /** How many faults and names one line has room for. */
    private static final int NAMED = 3;

    private final DataSource database;
    private final Path directory;
    private final MigrationLayout layout;
    private final HistoryTable table;
    private final boolean pendingAllowed;
    private final boolean outOfOrder;

    private MigrationCheck(
            DataSource database,
            Path directory,
            MigrationLayout layout,
            HistoryTable table,
            boolean pendingAllowed,
            boolean outOfOrder) {
        this.database = database;
        this.directory = directory;
        this.layout = layout;
        this.table = table;
        this.pendingAllowed = pendingAllowed;
        this.outOfOrder = outOfOrder;
    }

    /**
     * A check of Flyway's migrations in SQL, at any depth below a directory, by {@code flyway_schema_history}. Files are in
     * UTF-8, as Flyway takes them to be. A repeatable migration that was changed is pending; one with placeholders is not
     * compared, for Flyway fills them in first.
     *
     * @param database not closed by this
     * @param directory where the files are
     * @return the check
     * @throws IllegalArgumentException if either is null
     */
    public static MigrationCheck flyway(DataSource database, Path directory) {
        return of(database, directory, MigrationLayout.FLYWAY);
    }

    /**
     * A check of Prisma's migrations, a directory with a {@code migration.sql} each, by {@code _prisma_migrations}.
     *
     * @param database not closed by this
     * @param directory usually {@code prisma/migrations}
     * @return the check
     * @throws IllegalArgumentException if either is null
     */
    public static MigrationCheck prisma(DataSource database, Path directory) {
        return of(database, directory, MigrationLayout.PRISMA);
    }

    private static MigrationCheck of(DataSource database, Path directory, MigrationLayout layout) {
        if (database == null || directory == null) {
            throw new IllegalArgumentException("a check of migrations needs a database and a directory, but has \""
                    + (database == null ? "null" : "a database") + "\" and \"" + directory + "\"");
        }
        return new MigrationCheck(database, directory, layout, new HistoryTable(null, layout.table()), true, false);
    }

    /**
     * The same check of a history in another schema than that which the connection finds without a name.
     *
     * @param schema letters, digits and underscores, as the database has it
     * @return a new check
     * @throws IllegalArgumentException if it is anything else
     */
    public MigrationCheck schema(String schema) {
        return with(table.inSchema(schema));
    }

    /**
     * The same check of a history in another table, if the tool was given another name for it.
     *
     * @param table letters, digits and underscores, as the database has it
     * @return a new check
     * @throws IllegalArgumentException if it is anything else
     */
    public MigrationCheck table(String table) {
        return with(this.table.named(table));
    }

    private MigrationCheck with(HistoryTable other) {
        return new MigrationCheck(database, directory, layout, other, pendingAllowed, outOfOrder);
    }

    /**
     * The same check that also fails if a migration is pending, as none may be after a release.
     *
     * @return a new check
     */
    public MigrationCheck noPending() {
        return new MigrationCheck(database, directory, layout, table, false, outOfOrder);
    }

    /**
     * The same check that takes a file that was never applied for pending though it is older than the newest that was, as
     * teams want it that set Flyway's {@code outOfOrder}.
     *
     * @return a new check
     */
    public MigrationCheck outOfOrder() {
        return new MigrationCheck(database, directory, layout, table, pendingAllowed, true);
    }

    /** Throws with all that is wrong, the first few by name. */
    @Override
    public void run(StepContext context) throws IOException, SQLException {
        MigrationLayout.Files files = layout.files(directory);
        MigrationFindings findings = new MigrationFindings(outOfOrder);
        boolean found;
        try (Connection connection = database.getConnection()) {
            found = files.compare(connection, table, findings);
        }
        List<String> pending = findings.pendingNames();
        if (!pendingAllowed) {
            pending.forEach(name -> findings.fault(name + " is pending"));
        }
        if (!findings.faults().isEmpty()) {
            throw new IllegalStateException(
                    "migrations have " + findings.faults().size() + " faults: " + few(findings.faults(), "; ")
                            + "; compare " + shown() + " with table " + table);
        }
        context.tell((found ? "" : "there is no table " + table + "; ") + findings.appliedCount() + " applied, "
                + pending.size() + " pending" + (pending.isEmpty() ? "" : ": " + few(pending, ", ")));
        findings.remarks().forEach(context::tell);
    }

    private static String few(List<String> all, String between) {
        return all.stream().limit(NAMED).collect(Collectors.joining(between))
                + (all.size() > NAMED ? between + "and " + (all.size() - NAMED) + " more" : "");
    }

    private String shown() {
        return "\"" + FlagText.printable(directory.toString(), 100) + "\"";
    }

    /** The directory and the table. */
    @Override
    public String toString() {
        return "MigrationCheck[" + shown() + ", " + table + "]";
    }
}
