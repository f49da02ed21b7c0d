package io.pratique.cli;

import io.pratique.release.Release;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which plan a release follows, and where its journals are. */
final class PlanOptions {

    @Option(
            names = "--plan",
            paramLabel = "CLASS|FILE",
            description = "A class with a public static method that takes the version and returns a Release.Builder,"
                    + " or a file of JSON.")
    private @Nullable String plan;

    @Option(
            names = "--classpath",
            paramLabel = "PATH",
            description = "Where the class is: jars and directories, as java -cp takes them.")
    private @Nullable String classpath;

    @Option(
            names = "--directory",
            paramLabel = "DIRECTORY",
            description = "Where the journals of all releases are kept, if there is no plan or it does not say.")
    private @Nullable Path directory;

    /** Not for use: made by the parser of the command line. */
    PlanOptions() {}

    /**
     * The plan.
     *
     * @throws IllegalArgumentException if none is given, or it cannot be followed
     */
    ReleasePlan plan() {
        if (plan == null) {
            throw new IllegalArgumentException("there is no plan to follow; give --plan CLASS or --plan FILE");
        }
        return Files.exists(Path.of(plan)) || plan.endsWith(".json")
                ? new ReleasePlan(PlanFile.read(Path.of(plan)), directory, () -> {})
                : ofClass(plan);
    }

    private ReleasePlan ofClass(String name) {
        ProgramClasses classes = new ProgramClasses(classpath);
        try {
            return new ReleasePlan(classes.look("plan", name, PlanClass::new), directory, classes::close);
        } catch (RuntimeException refused) {
            classes.close();
            throw refused;
        }
    }

    /** The plan or, if there is none, one of no steps in the directory that is given. */
    ReleasePlan planIfAny() {
        if (plan != null) {
            return plan();
        }
        if (directory == null) {
            throw new IllegalArgumentException(
                    "it is not known where the releases are kept; give --directory or --plan");
        }
        return new ReleasePlan(Release::named, directory, () -> {});
    }

    /** The same options as words of another command. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        add(words, "--plan", plan);
        add(words, "--classpath", plan == null ? null : classpath);
        add(words, "--directory", directory);
        return words;
    }

    private static void add(List<String> words, String name, @Nullable Object value) {
        if (value != null) {
            words.add(name);
            words.add(value.toString());
        }
    }
}
