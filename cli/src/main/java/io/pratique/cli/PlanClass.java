package io.pratique.cli;

import io.pratique.release.Release;
import io.pratique.release.incidents.Incidents;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan as a class: a method gives the release of a version and, if there is one, another gives who is told of incidents. */
final class PlanClass implements Planning {

    private final Method release;
    private final @Nullable Method incidents;

    /**
     * Looks for the methods.
     *
     * @throws IllegalArgumentException if there is no such method, or more than one
     */
    PlanClass(Class<?> type) {
        this.release = only(type, "plan", Release.Builder.class, String.class);
        this.incidents =
                ProgramClasses.methods(type, Incidents.class, Path.class).isEmpty()
                        ? null
                        : only(type, "incidents", Incidents.class, Path.class);
    }

    private static Method only(Class<?> type, String what, Class<?> given, Class<?> argument) {
        List<Method> methods = ProgramClasses.methods(type, given, argument);
        if (methods.size() != 1) {
            throw new IllegalArgumentException("class \"" + type.getName() + "\" has " + methods.size()
                    + " methods for its " + what + "; give it one that is public and static, takes a "
                    + argument.getSimpleName() + " and returns " + given.getCanonicalName());
        }
        return methods.get(0);
    }

    private static <T> T call(Method method, Class<T> wanted, Object argument) {
        return ProgramClasses.call(method, wanted, argument)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + method + "\" gives nothing; is its class public, and what it gives not null?"));
    }

    @Override
    public Release.Builder of(String version) {
        return call(release, Release.Builder.class, version);
    }

    @Override
    public Incidents incidents(Path directory) {
        return incidents == null ? Incidents.in(directory) : call(incidents, Incidents.class, directory);
    }
}
