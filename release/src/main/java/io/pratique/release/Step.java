package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepRecord.Part;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One step of a release. Steps are immutable; each setting gives a new one.
 *
 * <p>After a kill a step may run again that had run already, in whole or in part: all kinds but {@link StepKind#CHANGE}
 * must bear that. A change is asked by its {@linkplain #probe probe} first.
 */
public final class Step {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(10);

    private final String name;
    private final StepKind kind;
    private final Map<Part, StepAction> parts;
    private final @Nullable ChangeProbe probe;
    private final Duration timeout;

    private Step(
            String name, StepKind kind, Map<Part, StepAction> parts, @Nullable ChangeProbe probe, Duration timeout) {
        this.name = name;
        this.kind = kind;
        this.parts = parts;
        this.probe = probe;
        this.timeout = timeout;
    }

    /**
     * A step that looks and changes nothing.
     *
     * @param name small letters, digits and hyphens, unique in its release
     * @param action throws if what it looks at is not as it should be
     * @return the step
     * @throws IllegalArgumentException if the name is none, or the action is null
     */
    public static Step check(String name, StepAction action) {
        return of(name, StepKind.CHECK, action);
    }

    /**
     * A step that keeps what a change may destroy.
     *
     * @param name as for {@link #check}
     * @param action what it does
     * @return the step
     * @throws IllegalArgumentException if the name is none, or the action is null
     */
    public static Step protect(String name, StepAction action) {
        return of(name, StepKind.PROTECT, action);
    }

    /**
     * A step that changes exactly one thing. It needs a {@link #compensation}, a {@link #verification} and a {@link
     * #probe}.
     *
     * @param name as for {@link #check}
     * @param action makes the change
     * @return the step
     * @throws IllegalArgumentException if the name is none, or the action is null
     */
    public static Step change(String name, StepAction action) {
        return of(name, StepKind.CHANGE, action);
    }

    /**
     * A step that keeps for later what is there when the release is undone, before anything is.
     *
     * @param name as for {@link #check}
     * @param action what it does; changes nothing that the release has changed
     * @return the step
     * @throws IllegalArgumentException if the name is none, or the action is null
     */
    public static Step forensics(String name, StepAction action) {
        return of(name, StepKind.FORENSICS, action);
    }

    /**
     * A step that puts away what the release has needed.
     *
     * @param name as for {@link #check}
     * @param action what it does
     * @return the step
     * @throws IllegalArgumentException if the name is none, or the action is null
     */
    public static Step cleanup(String name, StepAction action) {
        return of(name, StepKind.CLEANUP, action);
    }

    /**
     * A step that tells others what became of the release.
     *
     * @param name as for {@link #check}
     * @param action what it does
     * @return the step
     * @throws IllegalArgumentException if the name is none, or the action is null
     */
    public static Step notify(String name, StepAction action) {
        return of(name, StepKind.NOTIFY, action);
    }

    private static Step of(@Nullable String name, StepKind kind, @Nullable StepAction action) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "step name must be small letters, digits and hyphens, 64 at most, but is "
                            + (name == null ? "null" : "\"" + FlagText.printable(name) + "\"")
                            + "; write it as migrate-database");
        }
        return new Step(name, kind, Map.of(Part.ACTION, given(name, "action", action)), null, USUAL_TIMEOUT);
    }

    private static <T> T given(String step, String what, @Nullable T given) {
        if (given == null) {
            throw new IllegalArgumentException("step \"" + step + "\" needs a " + what + ", but it is null");
        }
        return given;
    }

    private void requireChange(String what) {
        if (kind != StepKind.CHANGE) {
            throw new IllegalArgumentException("step \"" + name + "\" is of kind \"" + kind
                    + "\" and changes nothing, so it has no " + what + "; make it a change, or leave that out");
        }
    }

    /**
     * The same change with what undoes it.
     *
     * @param compensation undoes the change, whether it was made in whole or in part; does nothing if nothing was made
     * @return a new step
     * @throws IllegalArgumentException if this is no change, or the compensation is null
     */
    public Step compensation(StepAction compensation) {
        return with(Part.COMPENSATION, compensation);
    }

    /**
     * The same change with what looks whether it does what it was made for.
     *
     * @param verification throws if it does not; changes nothing
     * @return a new step
     * @throws IllegalArgumentException if this is no change, or the verification is null
     */
    public Step verification(StepAction verification) {
        return with(Part.VERIFICATION, verification);
    }

    /**
     * The same change with a look at whether it can be undone at all, such as whether the version before is still there to
     * go back to. It is asked before anything of the release is undone; if it fails nothing is, and the release stays as it
     * is until somebody rolls it back again.
     *
     * @param rollbackCheck throws if the change cannot be undone; changes nothing
     * @return a new step
     * @throws IllegalArgumentException if this is no change, or the check is null
     */
    public Step rollbackCheck(StepAction rollbackCheck) {
        return with(Part.ROLLBACK_CHECK, rollbackCheck);
    }

    /**
     * The same change with a look at what is there again, once all changes were undone. If it fails the rollback has
     * failed.
     *
     * @param rollbackVerification throws if that is not as it was before; changes nothing
     * @return a new step
     * @throws IllegalArgumentException if this is no change, or the verification is null
     */
    public Step rollbackVerification(StepAction rollbackVerification) {
        return with(Part.ROLLBACK_VERIFICATION, rollbackVerification);
    }

    private Step with(Part part, @Nullable StepAction action) {
        requireChange(part.words());
        Map<Part, StepAction> all = new EnumMap<>(parts);
        all.put(part, given(name, part.words(), action));
        return new Step(name, kind, all, probe, timeout);
    }

    /**
     * The same change with what tells whether it has been made.
     *
     * @param probe looks at what is changed
     * @return a new step
     * @throws IllegalArgumentException if this is no change, or the probe is null
     */
    public Step probe(ChangeProbe probe) {
        requireChange("probe");
        return new Step(name, kind, parts, given(name, "probe", probe), timeout);
    }

    /**
     * The same step with another limit to the time that each of its parts may take.
     *
     * @param timeout ten minutes unless set; a millisecond to a year
     * @return a new step
     * @throws IllegalArgumentException if it is null, shorter or longer
     */
    public Step timeout(Duration timeout) {
        Duration limit = Limits.within("timeout of step \"" + name + "\"", timeout, Limits.SHORTEST, Limits.LONGEST);
        return new Step(name, kind, parts, probe, limit);
    }

    /**
     * The step's name.
     *
     * @return unique in its release
     */
    public String name() {
        return name;
    }

    /**
     * What the step is for.
     *
     * @return its kind
     */
    public StepKind kind() {
        return kind;
    }

    /** Refuses a change that could not be undone, or of which nobody could tell whether it was made. */
    void requireWhole() {
        if (kind == StepKind.CHANGE) {
            given(name, "compensation", parts.get(Part.COMPENSATION));
            given(name, "verification", parts.get(Part.VERIFICATION));
            given(name, "probe", probe);
        }
    }

    Duration timeout() {
        return timeout;
    }

    boolean has(Part part) {
        return parts.containsKey(part);
    }

    StepAction action(Part part) {
        return Objects.requireNonNull(parts.get(part));
    }

    ChangeProbe probe() {
        return Objects.requireNonNull(probe);
    }

    /** The kind and the name. */
    @Override
    public String toString() {
        return kind + " " + name;
    }
}
