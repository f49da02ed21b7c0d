package io.pratique.examples.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * What of a worker is there now, which after a release is exactly the old or exactly the new.
 *
 * @param migrations that the table has seen
 * @param rows of the table, as text
 * @param backends the versions of the processes that run
 * @param page what a user sees
 */
record WorkerState(List<String> migrations, List<String> rows, List<String> backends, String page) {

    static WorkerState of(WorkerSite site) throws SQLException, IOException {
        WorkerDatabase database = new WorkerDatabase(site);
        Path page = site.frontendLink().resolve("index.html");
        return new WorkerState(
                database.applied(),
                database.rows(),
                new WorkerBackend(site).versions(),
                Files.exists(page) ? Files.readString(page).strip() : "");
    }

    /** Whether all three parts are of one version. */
    boolean isOf(String version, String newestMigration) {
        return migrations.get(migrations.size() - 1).equals(newestMigration)
                && backends.equals(List.of(version))
                && page.contains(version);
    }

    @Override
    public String toString() {
        return "table " + migrations.get(migrations.size() - 1) + ", first row " + rows.get(0) + "; backend " + backends
                + "; frontend " + page;
    }
}
