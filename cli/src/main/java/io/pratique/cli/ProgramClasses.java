package io.pratique.cli;

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
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Classes of a program's own, and what they give through what is public and static in them. */
final class ProgramClasses implements AutoCloseable {

    private final URLClassLoader loader;

    /**
     * Loads nothing yet.
     *
     * @param classpath jars and directories, as {@code java -cp} takes them; null if there are none
     */
    ProgramClasses(@Nullable String classpath) {
        this.loader = new URLClassLoader(urls(classpath), ProgramClasses.class.getClassLoader());
    }

    /**
     * Looks into a class.
     *
     * @param kind what it is to give, for errors
     * @throws IllegalArgumentException if there is no such class, or it cannot be loaded
     */
    <T> T look(String kind, String name, Function<Class<?>, T> into) {
        try {
            return into.apply(Class.forName(name, true, loader));
        } catch (ExceptionInInitializerError e) {
            throw new IllegalArgumentException("class \"" + name + "\" cannot be loaded: " + e.getCause(), e);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException(
                    "the " + kind + " \"" + name + "\" is no file, and no class that can be loaded (" + e
                            + "); give --classpath",
                    e);
        }
    }

    private static URL[] urls(@Nullable String classpath) {
        List<String> parts = classpath == null ? List.of() : List.of(classpath.split(File.pathSeparator));
        return parts.stream()
                .flatMap(ProgramClasses::files)
                .map(ProgramClasses::url)
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

    /** What the fields of a type hold. */
    static <T> Stream<T> fields(Class<?> type, Class<T> wanted) {
        return Arrays.stream(type.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == wanted)
                .map(field -> get(field, wanted))
                .flatMap(Optional::stream);
    }

    private static <T> Optional<T> get(Field field, Class<T> wanted) {
        try {
            return Optional.ofNullable(wanted.cast(field.get(null)));
        } catch (IllegalAccessException e) {
            return Optional.empty();
        }
    }

    /** The methods that take these arguments and return what is wanted. */
    static List<Method> methods(Class<?> type, Class<?> wanted, Class<?>... arguments) {
        return Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers())
                        && Arrays.equals(method.getParameterTypes(), arguments)
                        && method.getReturnType() == wanted)
                .toList();
    }

    /**
     * What a method returns, unless it is null or not public.
     *
     * @throws IllegalArgumentException if it throws
     */
    static <T> Optional<T> call(Method method, Class<T> wanted, Object... arguments) {
        try {
            return Optional.ofNullable(wanted.cast(method.invoke(null, arguments)));
        } catch (IllegalAccessException e) {
            return Optional.empty();
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    method.getDeclaringClass().getName() + "." + method.getName() + " gives no "
                            + wanted.getSimpleName() + ": " + e.getCause(),
                    e);
        }
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
