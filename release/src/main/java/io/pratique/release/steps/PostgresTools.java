package io.pratique.release.steps;

import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's own programs, and how they find one database. */
final class PostgresTools {

    private static final String URL = "jdbc:postgresql:";
    private static final int USUAL_PORT = 5432;

    private final Map<String, String> server;
    private final @Nullable Path directory;

    private PostgresTools(Map<String, String> server, @Nullable Path directory) {
        this.server = server;
        this.directory = directory;
    }

    static PostgresTools of(String host, int port, String database, String user, @Nullable String password) {
        require("host", host);
        require("database", database);
        require("user", user);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port of the database must be from 1 to 65535, but is \"" + port + "\"");
        }
        Map<String, String> server = new HashMap<>();
        server.put("PGHOST", host);
        server.put("PGPORT", Integer.toString(port));
        server.put("PGDATABASE", database);
        server.put("PGUSER", user);
        if (password != null) {
            server.put("PGPASSWORD", password);
        }
        return new PostgresTools(server, null);
    }

    /** No part of the URL is shown, since a password may stand in it. */
    static PostgresTools of(String url, @Nullable String user, @Nullable String password) {
        if (url == null || !url.startsWith(URL)) {
            throw new IllegalArgumentException(
                    "URL of the database must begin with " + URL + ", such as jdbc:postgresql://localhost:5432/app");
        }
        URI uri = parsed(url);
        Map<String, String> settings = settings(uri.getRawQuery());
        String path = uri.getPath() == null ? "" : uri.getPath();
        String inUrl = settings.get("user");
        String who = user == null ? inUrl : user;
        PostgresTools tools = of(
                uri.getHost() == null ? "localhost" : uri.getHost().replaceAll("[\\[\\]]", ""),
                uri.getPort() < 0 ? USUAL_PORT : uri.getPort(),
                path.length() > 1 ? path.substring(1) : String.valueOf(who),
                who == null ? "" : who,
                password == null ? settings.get("password") : password);
        Map<String, String> server = new HashMap<>(tools.server);
        copy(settings, "sslmode", server, "PGSSLMODE");
        copy(settings, "sslrootcert", server, "PGSSLROOTCERT");
        return new PostgresTools(server, null);
    }

    private static URI parsed(String url) {
        String rest = url.substring(URL.length());
        URI uri;
        try {
            uri = URI.create("postgresql:" + (rest.startsWith("/") ? rest : "///" + rest));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "URL of the database cannot be read; write it as jdbc:postgresql://localhost:5432/app");
        }
        if (uri.getHost() == null && uri.getRawAuthority() != null) {
            throw new IllegalArgumentException(
                    "URL of the database must name one host, that of the primary, such as jdbc:postgresql://localhost:5432/app");
        }
        return uri;
    }

    private static Map<String, String> settings(@Nullable String query) {
        Map<String, String> settings = new HashMap<>();
        for (String setting : (query == null ? "" : query).split("&", -1)) {
            int at = setting.indexOf('=');
            if (at > 0) {
                settings.put(
                        setting.substring(0, at), URLDecoder.decode(setting.substring(at + 1), StandardCharsets.UTF_8));
            }
        }
        return settings;
    }

    private static void copy(Map<String, String> from, String setting, Map<String, String> to, String variable) {
        String value = from.get(setting);
        if (value != null) {
            to.put(variable, value);
        }
    }

    private static void require(String what, @Nullable String value) {
        if (value == null || value.isBlank() || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " of the database must be given, but is \""
                    + FlagText.printable(String.valueOf(value), 100) + "\"");
        }
    }

    /** The same with the programs of one directory, such as {@code /usr/lib/postgresql/15/bin}. */
    PostgresTools in(@Nullable Path directory) {
        if (directory == null) {
            throw new IllegalArgumentException("directory of PostgreSQL's programs must be given, but is null");
        }
        return new PostgresTools(server, directory);
    }

    /**
     * A program with its environment. The password is in that and nowhere else: only this user and root can read it, as long
     * as the program runs. A file would be left behind by a kill, in a directory that people copy. What reads only files gets
     * nothing of it.
     */
    ProcessBuilder program(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(directory == null ? program : directory.resolve(program).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        // What the caller's environment says of another server must not lead there.
        environment
                .keySet()
                .removeIf(name -> name.startsWith("PG") && !name.startsWith("PGSSL") && !name.equals("PGPASSFILE"));
        if (!program.equals("pg_restore")) {
            environment.putAll(server);
        }
        environment.put("PGCONNECT_TIMEOUT", "10");
        environment.put("PGAPPNAME", "pratique-release");
        environment.put("LC_ALL", "C");
        return builder;
    }

    /** What went wrong, behind what can be done about it, since what the programs say is long and may be cut. */
    IOException failed(String what, String program, IOException cause) {
        String said = String.valueOf(cause.getMessage());
        return new IOException(what + " failed" + remedy(program, said) + ": " + said, cause);
    }

    private static String remedy(String program, String said) {
        if (said.contains("is not there, or may not be run")) {
            return "; install the package postgresql-client of the server's version for " + program;
        }
        if (said.contains("version mismatch")) {
            return "; install the package postgresql-client of the server's version";
        }
        if (said.contains("password authentication failed") || said.contains("no password supplied")) {
            return "; is the password the right one?";
        }
        if (said.contains("FATAL:") && said.contains("does not exist")) {
            return "; is it the right database and user?";
        }
        if (said.contains("connection to server")) {
            return "; is the server up, and does it take connections from this host?";
        }
        if (said.contains("No space left") || said.contains("File too large")) {
            return "; free some space on the disk of the release's directory";
        }
        if (said.contains("lock timeout")) {
            return "; end what uses the database, and roll back again";
        }
        if (said.contains("permission denied") || said.contains("must be owner")) {
            return "; the user must own what is in the database";
        }
        return "";
    }

    /** The database, its host and port. */
    String shown() {
        return "\"" + FlagText.printable(server.get("PGDATABASE") + "\" at " + server.get("PGHOST"), 200) + ":"
                + server.get("PGPORT");
    }
}
