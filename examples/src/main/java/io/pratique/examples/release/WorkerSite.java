package io.pratique.examples.release;

import io.pratique.release.incidents.Incident;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a worker is. All of it is below one directory, but for its database.
 *
 * <pre>
 * site.properties    the database's URL, and the port of the backend
 * builds/v2/         what was built: migrations, the backend's query, the frontend
 * frontend           a symbolic link to the frontend of one build
 * releases/          the journals
 * </pre>
 *
 * @param home the directory
 * @param databaseUrl of PostgreSQL, for JDBC
 * @param port where the backend listens
 */
record WorkerSite(Path home, String databaseUrl, int port) {

    /** Names the directory to commands that run in a process of their own. */
    static final String VARIABLE = "WORKER_SITE";

    static WorkerSite ofEnvironment() {
        String home = System.getenv(VARIABLE);
        if (home == null) {
            throw new IllegalArgumentException(VARIABLE + " must name the directory of the worker, but is not set");
        }
        return in(Path.of(home));
    }

    static WorkerSite in(Path home) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("site.properties"))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException("\"" + home + "\" is no directory of a worker: " + e, e);
        }
        return new WorkerSite(
                home, properties.getProperty("database"), Integer.parseInt(properties.getProperty("port")));
    }

    Path releases() {
        return home.resolve("releases");
    }

    Path migrations(String version) {
        return build(version).resolve("migrations");
    }

    /** What the backend of a version asks the database. */
    Path query(String version) {
        return build(version).resolve("backend").resolve("query.sql");
    }

    Path frontend(String version) {
        return build(version).resolve("frontend");
    }

    private Path build(String version) {
        return home.resolve("builds").resolve(version);
    }

    /** What a web server would serve. */
    Path frontendLink() {
        return home.resolve("frontend");
    }

    Path log() {
        return home.resolve("backend.log");
    }

    URI backend(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    /** Stands for a chat or a ticket system: a file for each incident, so telling one twice makes no second one. */
    @Nullable URI tell(Incident incident) throws IOException {
        Path told = Files.createDirectories(home.resolve("told")).resolve(incident.id());
        Files.writeString(told, incident.title() + (incident.isOpen() ? "" : ", closed") + "\n");
        return null;
    }

    DataSource database() {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(databaseUrl);
        database.setConnectTimeout(5);
        database.setSocketTimeout(60);
        return database;
    }
}
