package io.pratique.release.steps;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Backs up a whole PostgreSQL database by {@code pg_dump}, as a step of its own before the first change, and restores it
 * when the release is undone. Immutable.
 *
 * <pre>{@code
 * PostgresBackup backup = PostgresBackup.of("jdbc:postgresql://db:5432/app", "app", password);
 * builder.step(Step.protect("backup", backup))
 *         .step(Step.change("schema", migrate)
 *                 .compensation(backup.restore())
 *                 .rollbackCheck(backup.restorable())
 *                 .verification(...)
 *                 .probe(...));
 * }</pre>
 *
 * <p>The backup is {@code <name>.dump} in the {@linkplain StepContext#directory directory} of the release, readable by its
 * owner alone, with its SHA-256 beside it in {@code <name>.dump.sha256}. It has its name only once {@code pg_dump} has
 * succeeded, {@code pg_restore --list} has found tables in it, and it is on the disk; before that it is called {@code
 * <name>.dump.part}. Whatever else happens fails the step, so that nothing is changed.
 *
 * <p>{@code pg_dump}, {@code pg_restore} and {@code psql} must be of the server's version: an older {@code pg_dump} refuses,
 * and what a newer one writes may not be restorable where it came from, so it is refused here. Roles, tablespaces and what
 * {@code ALTER DATABASE} has set are not in a backup.
 */
public final class PostgresBackup implements StepAction {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Duration USUAL_LOCK_TIMEOUT = Duration.ofMinutes(1);

    private final PostgresTools tools;
    private final String name;
    private final Duration lockTimeout;

    private PostgresBackup(PostgresTools tools, String name, Duration lockTimeout) {
        this.tools = tools;
        this.name = name;
        this.lockTimeout = lockTimeout;
    }

    /**
     * A backup of the database that a JDBC URL names.
     *
     * @param url such as {@code jdbc:postgresql://localhost:5432/app}, with one host; of its parameters {@code user}, {@code
     *     password}, {@code sslmode} and {@code sslrootcert} count
     * @param user who owns what is in the database, or is a superuser; null if the URL names one
     * @param password null if the URL has one, or the server asks for none, or it stands in the user's own password file
     * @return a backup named {@code database}
     * @throws IllegalArgumentException if the URL is none, or names no user where none is given; the URL is not shown
     */
    public static PostgresBackup of(String url, @Nullable String user, @Nullable String password) {
        return new PostgresBackup(PostgresTools.of(url, user, password), "database", USUAL_LOCK_TIMEOUT);
    }

    /**
     * A backup of a database.
     *
     * @param host its server
     * @param port from 1 to 65535
     * @param database its name
     * @param user who owns what is in the database, or is a superuser
     * @param password null if the server asks for none, or it stands in the user's own password file
     * @return a backup named {@code database}
     * @throws IllegalArgumentException if one of them is null, blank or out of range
     */
    public static PostgresBackup of(String host, int port, String database, String user, @Nullable String password) {
        return new PostgresBackup(
                PostgresTools.of(host, port, database, user, password), "database", USUAL_LOCK_TIMEOUT);
    }

    /**
     * The same under another name, as each backup of a release needs its own.
     *
     * @param name of the file: small letters, digits and hyphens, 64 at most
     * @return a new backup
     * @throws IllegalArgumentException if it is none
     */
    public PostgresBackup named(String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name of a backup must be small letters, digits and hyphens, 64 at most, but is \""
                            + FlagText.printable(String.valueOf(name)) + "\"; write it as orders-database");
        }
        return new PostgresBackup(tools, name, lockTimeout);
    }

    /**
     * The same with the programs of one directory, such as {@code /usr/lib/postgresql/15/bin}.
     *
     * @param directory where {@code pg_dump}, {@code pg_restore} and {@code psql} are, in place of {@code PATH}
     * @return a new backup
     * @throws IllegalArgumentException if it is null
     */
    public PostgresBackup programs(Path directory) {
        return new PostgresBackup(tools.in(directory), name, lockTimeout);
    }

    /**
     * The same with another limit to how long a restoration waits for each lock.
     *
     * @param lockTimeout a minute unless set; a millisecond to a day
     * @return a new backup
     * @throws IllegalArgumentException if it is null, shorter or longer
     */
    public PostgresBackup lockTimeout(Duration lockTimeout) {
        if (lockTimeout == null || lockTimeout.toMillis() < 1 || lockTimeout.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("lock timeout of backup \"" + name
                    + "\" must be from PT0.001S to PT24H, but is \"" + lockTimeout + "\"");
        }
        return new PostgresBackup(tools, name, lockTimeout);
    }

    /** Backs up; a backup of this name that this release has made before stays until the new one is whole. */
    @Override
    public void run(StepContext context) throws IOException, InterruptedException {
        PostgresDump dump = dump(context);
        try {
            context.tell(dump.make());
        } catch (IOException e) {
            throw tools.failed("backup of database " + tools.shown(), "pg_dump", e);
        }
    }

    /**
     * Looks whether the backup of this release is there, is the one that was made, and can be listed. Meant for {@code
     * Step.rollbackCheck}, so that nothing is undone if it cannot be.
     *
     * @return an action that changes nothing and throws if the backup cannot be restored
     */
    public StepAction restorable() {
        return context -> {
            try {
                context.tell(dump(context).require());
            } catch (IOException e) {
                throw tools.failed("check of the backup of database " + tools.shown(), "pg_restore", e);
            }
        };
    }

    /**
     * Makes the database what it was when this release backed it up. Meant for {@code Step.compensation}.
     *
     * <p>All of it is one transaction: the schemas of the database are dropped with all that is in them, also what was made
     * after the backup, and made again from the backup. If anything fails, or the process is killed, the database stays as it
     * was before. What was written to it since the backup is lost; flags and a release lock that are to outlive that belong
     * in another database.
     *
     * <p>It needs the locks of everything in the database, ends nobody's session, and waits for those who use it; see {@link
     * #lockTimeout(Duration)}. Others wait until it is done. Each table takes an entry of the server's lock table, so that
     * thousands of them need a larger {@code max_locks_per_transaction}. It needs PostgreSQL 15 or newer, and refuses a
     * database with subscriptions, which no transaction can drop.
     *
     * @return an action that may run again, and refuses if this release has no backup, or another one than it has made
     */
    public StepAction restore() {
        return context -> {
            PostgresDump dump = dump(context);
            try {
                dump.require();
                new PostgresRestoration(tools, lockTimeout).from(dump.file());
                context.tell("database " + tools.shown() + " is as it was backed up");
            } catch (IOException e) {
                throw tools.failed("restoration of database " + tools.shown(), "psql", e);
            }
        };
    }

    private PostgresDump dump(StepContext context) {
        return new PostgresDump(tools, context.directory().resolve(name + ".dump"));
    }
}
