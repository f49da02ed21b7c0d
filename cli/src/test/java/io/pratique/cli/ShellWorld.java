package io.pratique.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is released by shell scripts: two files that hold the version they are of, each written in two steps that a kill may
 * part. Other files make a script wait, or fail.
 */
record ShellWorld(Path directory) {

    private static final String CHANGE = """
            #!/bin/sh
            # Writes the version, or with "back" the one before; waits in between for as long as it is told.
            printf half > "world/$1"
            while [ -e "hold-$1$2" ]; do sleep 0.02; done
            [ ! -e "stuck-$1$2" ] || exit 9
            if [ -n "$2" ]; then
              printf %s "${PRATIQUE_RELEASE_PREVIOUS_VERSION:-none}" > "world/$1"
            else
              printf %s "$PRATIQUE_RELEASE_VERSION" > "world/$1"
            fi
            """;

    private static final String LOOK = """
            #!/bin/sh
            # Ends with 0 if it is of the new version, with 1 if it is of the one before, else with 2.
            [ ! -e "fail-$1" ] || exit 7
            case "$(cat "world/$1")" in
              "$PRATIQUE_RELEASE_VERSION") exit 0 ;;
              "${PRATIQUE_RELEASE_PREVIOUS_VERSION:-none}") exit 1 ;;
              *) exit 2 ;;
            esac
            """;

    private static final String GATE = """
            #!/bin/sh
            while [ -e "hold-$1" ]; do sleep 0.02; done
            [ ! -e "fail-$1" ]
            """;

    private static final String PLAN = """
            {"directory": "releases", "steps": [
              {"name": "environment", "kind": "check", "run": ["./gate", "environment"]},
              {"name": "backup", "kind": "protect", "run": ["sh", "-c", "cp -r world \\"$PRATIQUE_RELEASE_DIRECTORY\\""]},
              {"name": "database", "kind": "change", "run": ["./change", "database"],
               "compensation": ["./change", "database", "back"],
               "verification": ["./look", "database"], "probe": ["./look", "database"]},
              {"name": "migrated", "kind": "check", "run": ["./gate", "migrated"]},
              {"name": "backend", "kind": "change", "run": ["./change", "backend"],
               "compensation": ["./change", "backend", "back"],
               "verification": ["./look", "backend"], "probe": ["./look", "backend"], "timeout": "5m"},
              {"name": "team", "kind": "notify", "run": ["sh", "-c", "echo $PRATIQUE_RELEASE_OUTCOME >> told"]}]}
            """;

    /** With nothing released yet. */
    static ShellWorld in(Path directory) throws IOException {
        ShellWorld world = new ShellWorld(directory);
        Files.createDirectories(directory.resolve("world"));
        Files.writeString(directory.resolve("world/database"), "none");
        Files.writeString(directory.resolve("world/backend"), "none");
        world.script("change", CHANGE);
        world.script("look", LOOK);
        world.script("gate", GATE);
        Files.writeString(world.plan(), PLAN);
        return world;
    }

    private void script(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path plan() {
        return directory.resolve("release.json");
    }

    Path releases() {
        return directory.resolve("releases");
    }

    /** Makes a file that scripts look for. */
    void tell(String name) throws IOException {
        Files.createFile(directory.resolve(name));
    }

    void tellNoMore(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    /** What both files hold, the database's first. */
    String things() {
        return thing("database") + " " + thing("backend");
    }

    String thing(String thing) {
        try {
            return Files.readString(directory.resolve("world").resolve(thing));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All files by name, with what they hold, but for the lock's. */
    Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(file).toString();
                if (!name.startsWith("releases/lock.")) {
                    files.put(name, Files.readString(file));
                }
            }
        }
        return files;
    }
}
