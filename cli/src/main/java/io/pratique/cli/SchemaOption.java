package io.pratique.cli;

import io.pratique.config.ConfigSchema;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
        try (URLClassLoader loader = new URLClassLoader(urls(), SchemaOption.class.getClassLoader())) {
            Class<?> type = Class.forName(schema, true, loader);
            return Stream.concat(ofFields(type), ofMethods(type))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("class \"" + schema
                            + "\" has no schema; give it a public static field or method of type ConfigSchema"));
        } catch (ExceptionInInitializerError e) {
            throw new IllegalArgumentException("class \"" + schema + "\" cannot be loaded: " + e.getCause(), e);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException(
                    "the schema \"" + schema + "\" is no file, and no class that can be loaded (" + e
                            + "); give --classpath",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private URL[] urls() {
        List<String> parts = classpath == null ? List.of() : List.of(classpath.split(File.pathSeparator));
        return parts.stream()
                .flatMap(SchemaOption::files)
                .map(SchemaOption::url)
                .toArray(URL[]::new);
    }

    /** All jars of a directory, if a star stands for them. */
    private static Stream<Path> files(String part) {
        if (!part.endsWith("*")) {
            return Stream.of(Path.of(part));
        }
        try (Stream<Path> files = Files.list(Path.of(part.substring(0, part.length() - 1)))) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList().stream();
        } catch (IOException e) {
            throw new IllegalArgumentException("--classpath \"" + part + "\" cannot be listed: " + e, e);
        }
    }

    private static URL url(Path part) {
        try {
            return part.toUri().toURL();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<ConfigSchema> ofFields(Class<?> type) {
        return Arrays.stream(type.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigSchema.class)
                .map(SchemaOption::get)
                .flatMap(Optional::stream);
    }

    private static Optional<ConfigSchema> get(Field field) {
        try {
            return Optional.ofNullable((ConfigSchema) field.get(null));
        } catch (IllegalAccessException e) {
            return Optional.empty();
        }
    }

    private static Stream<ConfigSchema> ofMethods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers())
                        && method.getParameterCount() == 0
                        && method.getReturnType() == ConfigSchema.class)
                .map(SchemaOption::call)
                .flatMap(Optional::stream);
    }

    private static Optional<ConfigSchema> call(Method method) {
        try {
            return Optional.ofNullable((ConfigSchema) method.invoke(null));
        } catch (IllegalAccessException e) {
            return Optional.empty();
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(method + " does not give a schema: " + e.getCause(), e);
        }
    }
}
