package io.pratique.readiness;

import io.pratique.flags.Flag;
import io.pratique.flags.spi.FlagText;
import io.pratique.time.Timeline;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job, classified by what it needs. Immutable; each setter gives a new value.
 *
 * <pre>{@code
 * Job.of("cleanup-runner").needs("storage").flag("cleanup").deferrable().maxSkipAge(Duration.ofHours(6))
 * }</pre>
 *
 * @param name what the gate is asked for
 * @param flag the key of the flag that switches it
 * @param needs the dependencies it needs besides those that every job needs, in the order in which they were named
 * @param isDeferrable whether it gives way while a dependency is saturated
 * @param isDestructive whether it rather waits than runs while the answer is uncertain
 * @param maxSkipAge how long it may go without a run before that is reported; null if for ever
 */
public record Job(
        String name,
        String flag,
        List<String> needs,
        boolean isDeferrable,
        boolean isDestructive,
        @Nullable Duration maxSkipAge) {

    /**
     * Checks the names and the duration.
     *
     * @param name checked
     * @param flag checked
     * @param needs checked and copied; a name given twice counts once
     * @param isDeferrable whether it gives way to others
     * @param isDestructive whether it rather waits
     * @param maxSkipAge checked
     */
    public Job {
        name = requireName("job name", name);
        flag = Flag.of(flag).key().intern();
        needs = given("names of dependencies", needs).stream()
                .map(need -> requireName("dependency name", need))
                .distinct()
                .toList();
        if (maxSkipAge != null) {
            maxSkipAge = Timeline.requirePositive("maxSkipAge", maxSkipAge);
        }
    }

    /** The names of jobs and dependencies are like those of flags: short, and not blank. */
    static String requireName(String subject, @Nullable String name) {
        if (name == null || name.isBlank() || name.length() > Flag.MAX_KEY_LENGTH) {
            throw new IllegalArgumentException(subject + " must be 1 to " + Flag.MAX_KEY_LENGTH
                    + " characters and not blank, but is "
                    + (name == null
                            ? "null"
                            : "\"" + FlagText.printable(name) + "\" (" + name.length() + " characters)")
                    + "; give it a short name such as \"cleanup-runner\"");
        }
        return name;
    }

    /** What there is, for an error that tells of it. */
    static List<String> shown(Collection<String> names) {
        return names.stream()
                .map(name -> FlagText.printable(name, Flag.MAX_KEY_LENGTH))
                .toList();
    }

    /** What a builder or a factory is given must be there. */
    static <T> T given(String subject, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(subject + " must not be null; give one, or leave the call out");
        }
        return value;
    }

    /**
     * A job that needs only what every job needs, and whose flag has its name.
     *
     * @param name what the gate is asked for
     * @return the job
     * @throws IllegalArgumentException if the name is null, blank or longer than 256 characters
     */
    public static Job of(String name) {
        return new Job(name, name, List.of(), false, false, null);
    }

    /**
     * The same job with these needs in place of those it had.
     *
     * @param dependencies the names of probes
     * @return a new job
     * @throws IllegalArgumentException if a name is null, blank or too long
     */
    public Job needs(String... dependencies) {
        return new Job(
                name,
                flag,
                Arrays.asList(given("names of dependencies", dependencies)),
                isDeferrable,
                isDestructive,
                maxSkipAge);
    }

    /**
     * The same job, switched by a flag of another name.
     *
     * @param key the flag key
     * @return a new job
     * @throws IllegalArgumentException if the key is null, blank or too long
     */
    public Job flag(String key) {
        return new Job(name, key, needs, isDeferrable, isDestructive, maxSkipAge);
    }

    /**
     * The same job, which gives way while a dependency is saturated.
     *
     * @return a new job
     */
    public Job deferrable() {
        return new Job(name, flag, needs, true, isDestructive, maxSkipAge);
    }

    /**
     * The same job, which rather waits than runs while the answer is uncertain: a check is broken or stale, or its flag
     * is not ready.
     *
     * @return a new job
     */
    public Job destructive() {
        return new Job(name, flag, needs, isDeferrable, true, maxSkipAge);
    }

    /**
     * The same job with a limit to how long it may go without a run before that is reported.
     *
     * @param age positive
     * @return a new job
     * @throws IllegalArgumentException if it is zero or negative
     */
    public Job maxSkipAge(Duration age) {
        return new Job(name, flag, needs, isDeferrable, isDestructive, Timeline.requirePositive("maxSkipAge", age));
    }
}
