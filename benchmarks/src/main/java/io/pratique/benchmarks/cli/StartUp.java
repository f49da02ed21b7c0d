package io.pratique.benchmarks.cli;

import io.pratique.benchmarks.shared.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** How long the {@code pratique} command takes from its start to its end, in turn with a program that does nothing. */
public final class StartUp {

    private static final String JAR = "cli/target/pratique-cli-0.1.0-SNAPSHOT-all.jar";
    private static final String BARE = "a program that does nothing";

    private StartUp() {}

    /** Does nothing. */
    public static final class Nothing {

        private Nothing() {}

        /**
         * Ends at once.
         *
         * @param args ignored
         */
        public static void main(String[] args) {}
    }

    /**
     * Measures and prints.
     *
     * @param args how often each is started, unless given 20; and the command's jar, unless given where the build puts it
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int times = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        Path jar = Path.of(args.length > 1 ? args[1] : JAR).toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IllegalArgumentException(
                    "there is no \"" + jar
                            + "\"; build it by mvn -q package -DskipTests -pl cli -am, and start this at the top of the project");
        }
        Path home = Files.createTempDirectory("start-up");
        Map<String, List<String>> programs = programs(jar, home);
        Map<String, Spread> spreads = new LinkedHashMap<>();
        for (int i = 0; i < times; i++) {
            for (Map.Entry<String, List<String>> program : programs.entrySet()) {
                long nanos = time(program.getValue(), home);
                // The first finds nothing in the machine's caches.
                if (i > 0) {
                    spreads.computeIfAbsent(program.getKey(), name -> new Spread())
                            .add(nanos);
                }
            }
        }
        print(spreads, times);
    }

    private static Map<String, List<String>> programs(Path jar, Path home) throws IOException {
        Path schema = Files.writeString(home.resolve("schema.json"), """
                {"schema": "core-api", "variables": [
                  {"name": "DATABASE_URL", "type": "url", "schemes": ["postgresql"], "required": true}]}
                """);
        Path env = Files.writeString(home.resolve(".env"), "DATABASE_URL=postgresql://db/app\n");
        String command = "-jar " + jar + " ";
        Map<String, List<String>> programs = new LinkedHashMap<>();
        programs.put(BARE, java("-cp " + System.getProperty("java.class.path") + " " + Nothing.class.getName()));
        programs.put("pratique --version", java(command + "--version"));
        programs.put("pratique flags off --help", java(command + "flags off --help"));
        programs.put("pratique config check", java(command + "config check --schema " + schema + " --env-file " + env));
        programs.put("the program that does nothing, again", programs.get(BARE));
        return programs;
    }

    private static List<String> java(String arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments.split(" ")));
        return command;
    }

    private static long time(List<String> command, Path home) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Path output = home.resolve("output.txt");
        builder.redirectOutput(output.toFile());
        long start = System.nanoTime();
        int code = builder.start().waitFor();
        long nanos = System.nanoTime() - start;
        if (code != 0) {
            throw new IllegalStateException(
                    "\"" + String.join(" ", command) + "\" ended with " + code + ": " + Files.readString(output));
        }
        return nanos;
    }

    private static void print(Map<String, Spread> spreads, int times) {
        System.out.printf(
                Locale.ROOT,
                "%d starts in turn, %d processors, Java %s%n",
                times - 1,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
        System.out.printf(Locale.ROOT, "%-38s %9s %9s %14s%n", "milliseconds", "p50", "max", "p50 over bare");
        double bare = Objects.requireNonNull(spreads.get(BARE)).at(0.5) / 1e6;
        spreads.forEach((name, spread) -> System.out.printf(
                Locale.ROOT,
                "%-38s %9.0f %9.0f %14.0f%n",
                name,
                spread.at(0.5) / 1e6,
                spread.at(1) / 1e6,
                spread.at(0.5) / 1e6 - bare));
    }
}
