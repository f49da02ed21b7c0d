package io.pratique.release.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.release.ReadinessReport.Check;
import io.pratique.release.ReadinessReport.Result;
import io.pratique.release.Release;
import io.pratique.release.Step;
import io.pratique.release.StepAction;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What checks say of a database. */
@Tag("V-1")
class DatabaseChecksIT {

    private static EmbeddedPostgres server;
    private static DataSource database;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
        database = server.getPostgresDatabase();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE jobs (id bigint, \"State\" text)");
            statement.execute("CREATE SCHEMA other");
            statement.execute("CREATE TABLE other.jobs (id bigint)");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private Check check(StepAction action) throws Exception {
        return Release.named("v2")
                .directory(directory)
                .log(line -> {})
                .step(Step.check("only", action))
                .build()
                .check()
                .checks()
                .get(0);
    }

    @Test
    void connectionTellsWhichServerItIs() throws Exception {
        Check check = check(ConnectionCheck.of(database));

        assertThat(check.result()).isEqualTo(Result.PASSED);
        assertThat(check.detail()).startsWith("PostgreSQL 18");
    }

    @Test
    void databaseThatIsAwayIsTold() throws Exception {
        Check check = check(ConnectionCheck.of(server.getDatabase("postgres", "none")));

        assertThat(check.result()).isEqualTo(Result.FAILED);
        assertThat(check.detail()).contains("none");
    }

    @Test
    void tablesAndColumnsAreFoundWhateverTheirCapitals() throws Exception {
        Check check = check(SchemaCheck.of(database).table("JOBS", "id", "state"));

        assertThat(check.result()).isEqualTo(Result.PASSED);
        assertThat(check.detail()).isEqualTo("1 tables are as expected");
    }

    @Test
    void allThatIsMissingIsNamed() throws Exception {
        Check check = check(SchemaCheck.of(database)
                .table("jobs", "id", "claimed_at", "claimed_by")
                .table("outbox"));

        assertThat(check.result()).isEqualTo(Result.FAILED);
        assertThat(check.detail())
                .contains("lacks column jobs.claimed_at, column jobs.claimed_by, table outbox")
                .contains("was it migrated");
    }

    @Test
    void anotherSchemaIsLookedAtIfTold() throws Exception {
        assertThat(check(SchemaCheck.of(database).schema("other").table("jobs", "id"))
                        .result())
                .isEqualTo(Result.PASSED);
        assertThat(check(SchemaCheck.of(database).schema("other").table("jobs", "state"))
                        .detail())
                .contains("column jobs.state");
    }
}
