package io.pratique.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** What is released: three things, each a file that says "old" or "new", and is written in two steps that a kill may part. */
record World(Path directory) {

    static final List<String> THINGS = List.of("database", "backend", "frontend");
    static final Map<String, String> OLD = Map.of("database", "old", "backend", "old", "frontend", "old");
    static final Map<String, String> NEW = Map.of("database", "new", "backend", "new", "frontend", "new");

    /** The JVM's own pool has one thread on two processors, and whoever waits on it keeps all others waiting. */
    static final Executor THREADS = task -> new Thread(task).start();

    static World old(Path directory) {
        World world = new World(directory);
        world.restore(OLD);
        return world;
    }

    Map<String, String> things() {
        Map<String, String> things = new TreeMap<>();
        THINGS.forEach(thing -> things.put(thing, thing(thing)));
        return things;
    }

    String thing(String thing) {
        try {
            return Files.readString(directory.resolve(thing));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void restore(Map<String, String> things) {
        things.forEach(this::write);
    }

    private void write(String thing, String text) {
        try {
            Files.writeString(directory.resolve(thing), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Half of it, and then all. */
    void change(String thing, String to) {
        write(thing, "half");
        write(thing, to);
    }

    ChangeState state(String thing) {
        return switch (thing(thing)) {
            case "old" -> ChangeState.OLD;
            case "new" -> ChangeState.NEW;
            default -> ChangeState.UNKNOWN;
        };
    }

    Step change(String thing) {
        return Step.change(thing, context -> change(thing, "new"))
                .compensation(context -> change(thing, "old"))
                .verification(context -> require(thing, ChangeState.NEW))
                .rollbackCheck(context -> Files.size(directory.resolve(thing)))
                .rollbackVerification(context -> require(thing, ChangeState.OLD))
                .probe(context -> state(thing));
    }

    void require(String thing, ChangeState state) {
        if (state(thing) != state) {
            throw new IllegalStateException(thing + " is " + thing(thing));
        }
    }

    /** All three changes between a check, a backup, a cleanup and a notification. */
    Release.Builder release(String version, Path releases) {
        Release.Builder builder = Release.named(version)
                .directory(releases)
                .log(line -> {})
                .step(Step.check("environment", context -> context.tell("looks good")))
                .step(Step.protect(
                        "backup",
                        context -> Files.writeString(context.directory().resolve("backup"), "kept")));
        THINGS.forEach(thing -> builder.step(change(thing)));
        return builder.step(Step.forensics("logs", context -> context.tell("kept")))
                .step(Step.check("health", context -> THINGS.forEach(thing -> require(thing, ChangeState.NEW))))
                .step(Step.cleanup("scratch", context -> {}))
                .step(Step.notify("team", context -> context.tell("told of " + context.outcome())));
    }

    /** Everything below a directory but the locks, by path. */
    static Map<String, byte[]> files(Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(file).toString();
                if (!name.startsWith("lock.")) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }
}
