package io.pratique.examples.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a build server would have made of the worker: versions that work, and one with a mistake. */
final class WorkerBuilds {

    /** The names sort in the order in which they are applied. */
    private enum Migration {
        OUTBOX(
                "1_outbox",
                "CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload text NOT NULL)",
                "DROP TABLE outbox"),
        TOPIC("2_topic", """
                ALTER TABLE outbox ADD COLUMN topic text;
                UPDATE outbox SET topic = split_part(payload, ':', 1), payload = split_part(payload, ':', 2)""", "ALTER TABLE outbox DROP COLUMN topic"),
        NO_TOPIC("3_no_topic", "ALTER TABLE outbox DROP COLUMN topic", "ALTER TABLE outbox ADD COLUMN topic text"),
        ATTEMPTS(
                "3_attempts",
                "ALTER TABLE outbox ADD COLUMN attempts int NOT NULL DEFAULT 0",
                "ALTER TABLE outbox DROP COLUMN attempts");

        private final String title;
        private final String up;
        private final String down;

        Migration(String title, String up, String down) {
            this.title = title;
            this.up = up;
            this.down = down;
        }

        void writeTo(Path migrations) throws IOException {
            Path scripts = Files.createDirectories(migrations.resolve(title));
            Files.writeString(scripts.resolve("migration.sql"), up + ";\n");
            Files.writeString(scripts.resolve("down.sql"), down + ";\n");
        }
    }

    private final WorkerSite site;

    private WorkerBuilds(WorkerSite site) {
        this.site = site;
    }

    static void of(WorkerSite site) throws IOException {
        WorkerBuilds builds = new WorkerBuilds(site);
        builds.build("v1", "SELECT payload FROM outbox", Migration.OUTBOX);
        builds.build("v2", "SELECT topic, payload FROM outbox", Migration.OUTBOX, Migration.TOPIC);
        // Its migration takes away a column, with what is in it, that its backend still asks for.
        builds.build("v3", "SELECT topic, payload FROM outbox", Migration.OUTBOX, Migration.TOPIC, Migration.NO_TOPIC);
        for (String version : List.of("v4", "v5", "v6")) {
            builds.build(
                    version,
                    "SELECT topic, attempts FROM outbox",
                    Migration.OUTBOX,
                    Migration.TOPIC,
                    Migration.ATTEMPTS);
        }
    }

    private void build(String version, String query, Migration... migrations) throws IOException {
        for (Migration migration : migrations) {
            migration.writeTo(site.migrations(version));
        }
        Files.createDirectories(site.query(version).getParent());
        Files.writeString(site.query(version), query);
        Files.createDirectories(site.frontend(version));
        Files.writeString(site.frontend(version).resolve("index.html"), "<h1>Worker " + version + "</h1>\n");
    }
}
