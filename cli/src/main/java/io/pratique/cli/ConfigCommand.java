package io.pratique.cli;

import io.pratique.config.ConfigReport;
import io.pratique.config.ConfigValues;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** All about a program's configuration, without starting the program. */
@Command(
        name = "config",
        addMethodSubcommands = false,
        description = "Checks a configuration by its schema, and documents it.")
final class ConfigCommand {

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // the parser of the command line sets what it is annotated with
    ConfigCommand() {}

    @Command(name = "check", description = "Compares an environment with a schema. Exit code 1 if anything is wrong.")
    int check(
            @Mixin SchemaOption schema,
            @Option(
                            names = "--env-file",
                            paramLabel = "FILE",
                            description = {
                                "Check this .env or .properties file in place of the environment of this command.",
                                "Given several times, the first that has a name decides."
                            })
                    @Nullable List<Path> files,
            @Option(names = "--format", defaultValue = "text", description = "text or json.") Format format) {
        ConfigReport report = schema.load().validate(values(files));
        print(format == Format.JSON ? report.toJson() : report.toText());
        return report.isValid() ? ExitCode.OK : ExitCode.NO;
    }

    private static ConfigValues values(@Nullable List<Path> files) {
        return files == null
                ? ConfigValues.environment()
                : files.stream()
                        .map(ConfigValues::file)
                        .reduce(ConfigValues::over)
                        .orElseThrow();
    }

    @Command(name = "example", description = "Prints a .env file to start from.")
    int example(@Mixin SchemaOption schema) {
        return print(schema.load().envExample());
    }

    @Command(name = "docs", description = "Prints a reference in Markdown.")
    int docs(@Mixin SchemaOption schema) {
        return print(schema.load().markdown());
    }

    @Command(name = "schema", description = "Prints a JSON Schema (2020-12).")
    int schema(@Mixin SchemaOption schema) {
        return print(schema.load().jsonSchema());
    }

    private int print(String text) {
        spec.commandLine().getOut().println(text.stripTrailing());
        return ExitCode.OK;
    }
}
