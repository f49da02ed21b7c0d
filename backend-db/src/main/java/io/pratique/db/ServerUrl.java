package io.pratique.db;

import io.pratique.flags.spi.FlagText;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Where a database is and who connects to it. What it shows of itself holds no password. */
final class ServerUrl {

    private static final String POSTGRES = "jdbc:postgresql:";

    private final String url;
    private final @Nullable String user;
    private final @Nullable String password;
    private final String shown;

    private ServerUrl(String url, @Nullable String user, @Nullable String password, String shown) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.shown = shown;
    }

    /**
     * Looks at a URL without connecting. It is not shown where it is refused, for it may hold a password.
     *
     * @throws IllegalArgumentException if no driver takes it
     */
    static ServerUrl parse(@Nullable String url, @Nullable String user, @Nullable String password) {
        if (url == null || !url.startsWith("jdbc:")) {
            throw new IllegalArgumentException(
                    "The URL of a flag database must begin with \"jdbc:\", but begins with \""
                            + (url == null ? "null" : shown(url.substring(0, url.indexOf(':') + 1)))
                            + "\"; write it as \"jdbc:postgresql://host:5432/database\", user and password apart");
        }
        // PostgreSQL's driver takes it for a part of the host, and shows it in its errors and its log.
        if (url.startsWith(POSTGRES) && url.replaceFirst("\\?\\w+=.*", "").indexOf('@') >= 0) {
            throw new IllegalArgumentException("The URL of a flag database in PostgreSQL must not hold a user;"
                    + " write it as \"jdbc:postgresql://host:5432/database\", user and password apart");
        }
        try {
            Objects.requireNonNull(DriverManager.getDriver(url));
        } catch (SQLException unknown) {
            throw new IllegalArgumentException(
                    "The URL of a flag database must be one that a JDBC driver on the class path"
                            + " takes, but is \"" + shown(withoutSecrets(url)) + "\" and perhaps more; write it as"
                            + " \"jdbc:postgresql://host:5432/database\", or add the driver");
        }
        return new ServerUrl(url, user, password, url.startsWith(POSTGRES) ? postgres(url, user) : other(url, user));
    }

    private static String postgres(String url, @Nullable String user) {
        Properties parts = Objects.requireNonNull(Driver.parseURL(url, new Properties()));
        return "PostgreSQL at " + PGProperty.PG_HOST.getOrDefault(parts) + ":" + PGProperty.PG_PORT.getOrDefault(parts)
                + "/" + PGProperty.PG_DBNAME.getOrDefault(parts)
                + userNamed(user == null ? PGProperty.USER.getOrDefault(parts) : user);
    }

    private static String other(String url, @Nullable String user) {
        return withoutSecrets(url) + userNamed(user);
    }

    private static String userNamed(@Nullable String user) {
        return user == null || user.isEmpty() ? "" : " (user " + shown(user) + ")";
    }

    /** What a connection says of where it leads to. */
    static String describe(@Nullable String url, @Nullable String user) {
        if (url == null) {
            return "database" + userNamed(user);
        }
        return url.startsWith(POSTGRES) && Driver.parseURL(url, new Properties()) != null
                ? postgres(url, user)
                : other(url, user);
    }

    /** Parameters may hold passwords, and so may what stands before an at sign. */
    private static String withoutSecrets(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//.*@", "//");
    }

    /** A setting as an error may show it. */
    static String shown(@Nullable String setting) {
        return setting == null ? "null" : FlagText.printable(setting);
    }

    boolean isPostgres() {
        return url.startsWith(POSTGRES);
    }

    String url() {
        return url;
    }

    /**
     * What a driver needs besides the URL, so that a server which hangs or is unreachable is given up.
     *
     * @param application the name under which PostgreSQL lists the connection
     */
    Properties properties(Duration timeout, String application) {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        if (isPostgres()) {
            // Other drivers refuse properties that they do not know.
            String seconds = String.valueOf(Math.max(1, timeout.plusMillis(999).toSeconds()));
            PGProperty.CONNECT_TIMEOUT.set(properties, seconds);
            PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
            PGProperty.TCP_KEEP_ALIVE.set(properties, true);
            PGProperty.APPLICATION_NAME.set(properties, application);
        }
        return properties;
    }

    /** Server, database and user. */
    @Override
    public String toString() {
        return shown;
    }
}
