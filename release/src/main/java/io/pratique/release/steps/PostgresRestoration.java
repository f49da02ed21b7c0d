package io.pratique.release.steps;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Makes a database what a backup holds, in one transaction of {@code psql}. This JVM stands between {@code pg_restore}, which
 * turns the backup into SQL, and {@code psql}, and says COMMIT only when the one has ended well: whoever is killed, no half
 * of it counts.
 *
 * <p>{@code pg_restore --clean} alone would drop what is in the backup only. What a migration has made since would stay, and
 * could keep the old from being dropped, as a foreign key does.
 */
final class PostgresRestoration {

    /** Objects with smaller numbers came with the database. {@code public} is made again as a new database has it. */
    private static final String CLEAR = """
            BEGIN;
            SET LOCAL statement_timeout = 0;
            SET LOCAL idle_in_transaction_session_timeout = 0;
            SET LOCAL client_min_messages = warning;
            DO $clear$
            DECLARE
                name text;
            BEGIN
                IF current_setting('server_version_num')::int < 150000 THEN
                    RAISE EXCEPTION 'a restoration needs PostgreSQL 15 or newer';
                END IF;
                IF EXISTS (SELECT FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
                           WHERE d.datname = current_database()) THEN
                    RAISE EXCEPTION 'the database has subscriptions, which no transaction can drop; drop them by hand';
                END IF;
                FOR name IN SELECT evtname FROM pg_event_trigger LOOP
                    EXECUTE format('DROP EVENT TRIGGER %I', name);
                END LOOP;
                FOR name IN SELECT pubname FROM pg_publication LOOP
                    EXECUTE format('DROP PUBLICATION %I', name);
                END LOOP;
                FOR name IN SELECT extname FROM pg_extension WHERE oid >= 16384 LOOP
                    EXECUTE format('DROP EXTENSION IF EXISTS %I CASCADE', name);
                END LOOP;
                FOR name IN SELECT nspname FROM pg_namespace
                            WHERE nspname = 'public' OR (oid >= 16384 AND nspname !~ '^pg_') LOOP
                    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', name);
                END LOOP;
                FOR name IN SELECT fdwname FROM pg_foreign_data_wrapper LOOP
                    EXECUTE format('DROP FOREIGN DATA WRAPPER %I CASCADE', name);
                END LOOP;
                FOR name IN SELECT format('%s AS %s', castsource::regtype, casttarget::regtype)
                            FROM pg_cast WHERE oid >= 16384 LOOP
                    EXECUTE format('DROP CAST (%s)', name);
                END LOOP;
                PERFORM lo_unlink(oid) FROM pg_largeobject_metadata;
                CREATE SCHEMA public;
                ALTER SCHEMA public OWNER TO pg_database_owner;
                GRANT USAGE ON SCHEMA public TO PUBLIC;
                COMMENT ON SCHEMA public IS 'standard public schema';
            END
            $clear$;
            """;

    private final PostgresTools tools;
    private final Duration lockTimeout;

    PostgresRestoration(PostgresTools tools, Duration lockTimeout) {
        this.tools = tools;
        this.lockTimeout = lockTimeout;
    }

    void from(Path dump) throws IOException, InterruptedException {
        ProcessBuilder intoDatabase = tools.program(
                "psql", "--no-psqlrc", "--no-password", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1");
        ProcessBuilder fromDump =
                tools.program("pg_restore", "--file=-", dump.toAbsolutePath().toString());
        try (ChildProcess psql = ChildProcess.piped(
                        intoDatabase.redirectOutput(ProcessBuilder.Redirect.DISCARD), PostgresDump.GRACE);
                ChildProcess restore = ChildProcess.piped(fromDump, PostgresDump.GRACE)) {
            restore.input().close();
            // A thread that hands on cannot be interrupted while nobody reads; this one can, and ends both processes.
            FutureTask<Void> pump = new FutureTask<>(() -> pump(restore, psql));
            Thread thread = new Thread(pump, "pratique-restoration");
            thread.setDaemon(true);
            thread.start();
            psql.awaitSuccess();
            pump.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "pg_restore's SQL was not handed on: "
                            + Objects.requireNonNull(e.getCause()).getMessage(),
                    e);
        }
    }

    private @Nullable Void pump(ChildProcess restore, ChildProcess psql) throws IOException, InterruptedException {
        try (OutputStream sql = psql.input();
                InputStream from = restore.output()) {
            sql.write(
                    ("SET lock_timeout = " + lockTimeout.toMillis() + ";\n" + CLEAR).getBytes(StandardCharsets.UTF_8));
            from.transferTo(sql);
            restore.awaitSuccess();
            sql.write("COMMIT;\n".getBytes(StandardCharsets.UTF_8));
        }
        return null;
    }
}
