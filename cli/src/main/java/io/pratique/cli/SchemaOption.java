package io.pratique.cli;

import io.pratique.config.ConfigSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which schema a configuration is compared with: a file, or a class of the program's own. */
final class SchemaOption {

    @Option(
            names = "--schema",
            required = true,
            paramLabel = "CLASS|FILE",
            description =
                    "A class with a static ConfigSchema, as a field or a method without parameters, or a file of JSON.")
    private String schema = "";

    @Option(
            names = "--classpath",
            paramLabel = "PATH",
            description = "Where the class is: jars and directories, as java -cp takes them.")
    private @Nullable String classpath;

    /** Not for use: made by the parser of the command line. */
    SchemaOption() {}

    ConfigSchema load() {
        return Files.exists(Path.of(schema)) || schema.endsWith(".json")
                ? ConfigSchema.read(Path.of(schema))
                : ofClass();
    }

    private ConfigSchema ofClass() {
        try (ProgramClasses classes = new ProgramClasses(classpath)) {
            return classes.look("schema", schema, this::schemaOf);
        }
    }

    private ConfigSchema schemaOf(Class<?> type) {
        return Stream.concat(
                        ProgramClasses.fields(type, ConfigSchema.class),
                        ProgramClasses.methods(type, ConfigSchema.class).stream()
                                .flatMap(method -> ProgramClasses.call(method, ConfigSchema.class).stream()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("class \"" + schema
                        + "\" has no schema; give it a public static field or method of type ConfigSchema"));
    }
}
