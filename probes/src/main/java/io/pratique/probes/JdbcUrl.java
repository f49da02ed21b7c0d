package io.pratique.probes;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A database to connect to without a pool. What it shows of itself holds no password. */
final class JdbcUrl {

    private static final String SUBJECT = "The direct URL of a JdbcProbe";
    private static final String FORM = "write it as \"jdbc:postgresql://host:5432/database\", user and password apart";

    private static final String SCHEME = "jdbc:";

    /** Parameters may hold passwords, and so may what stands before an at sign. */
    private static final Pattern PLAIN = Pattern.compile("(?<driver>jdbc:\\w+:)"
            + "(?://(?:[^/?;@]*@)?(?<server>[\\w.,:\\[\\]-]+(?:/[\\w.-]*)?)|(?<name>[\\w.:-]+))(?:[?;][^@]*)?");

    private final String url;
    private final @Nullable String user;
    private final @Nullable String password;

    private JdbcUrl(String url, @Nullable String user, @Nullable String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /**
     * Looks at a URL without connecting.
     *
     * @throws IllegalArgumentException if no driver takes it
     */
    static JdbcUrl parse(@Nullable String url, @Nullable String user, @Nullable String password) {
        if (url == null || !url.startsWith(SCHEME)) {
            String begin = url == null ? null : url.substring(0, url.indexOf(':') + 1);
            throw Arguments.refused(SUBJECT, "must begin with \"jdbc:\"", begin, FORM);
        }
        try {
            Objects.requireNonNull(DriverManager.getDriver(url));
        } catch (SQLException unknown) {
            throw Arguments.refused(
                    SUBJECT, "must be one that a JDBC driver takes", withoutSecrets(url), FORM + ", or add the driver");
        }
        return new JdbcUrl(url, user, password);
    }

    /** Every driver has a place of its own for passwords. So what does not look as all do is shown by its driver only. */
    private static String withoutSecrets(String url) {
        Matcher plain = PLAIN.matcher(url);
        if (plain.matches()) {
            return plain.group("driver")
                    + (plain.group("server") == null ? plain.group("name") : "//" + plain.group("server"));
        }
        return url.substring(0, url.indexOf(':', SCHEME.length()) + 1) + "…";
    }

    /** Connects. Drivers other than that of PostgreSQL refuse properties that they do not know: bound them in the URL. */
    Connection connect(Duration timeout) throws SQLException {
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        if (url.startsWith("jdbc:postgresql:")) {
            String seconds = String.valueOf(Timeouts.wholeSeconds(timeout));
            properties.setProperty("connectTimeout", seconds);
            properties.setProperty("loginTimeout", seconds);
            properties.setProperty("socketTimeout", seconds);
        }
        return DriverManager.getConnection(url, properties);
    }

    /** The URL as far as it holds no secret. */
    @Override
    public String toString() {
        return withoutSecrets(url);
    }
}
