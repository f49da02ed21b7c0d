package io.pratique.flags;

import io.pratique.flags.spi.FlagText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer for one flag and everything that explains it. Immutable. */
public final class FlagEvaluation {

    /** The name under which a break-glass override shows as a source. */
    public static final String OVERRIDE = "override";

    private final String key;
    private final boolean enabled;
    private final Reason reason;
    private final @Nullable ErrorCode errorCode;
    private final @Nullable String source;
    private final @Nullable String value;
    private final @Nullable Instant changedAt;
    private final @Nullable Duration age;
    private final @Nullable String detail;
    private final List<String> shadowed;
    private final boolean shadowsOff;
    private final List<String> unanswered;

    /** One answer, with what is known of the source that gave it. */
    FlagEvaluation(
            String key, boolean enabled, Reason reason, @Nullable ErrorCode errorCode, Origin origin, Others others) {
        this.key = key;
        this.enabled = enabled;
        this.reason = reason;
        this.errorCode = errorCode;
        this.source = origin.source;
        this.value = origin.value;
        this.changedAt = origin.changedAt;
        this.age = origin.age;
        this.detail = origin.detail;
        this.shadowed = others.shadowed;
        this.shadowsOff = others.shadowsOff;
        this.unanswered = others.unanswered;
    }

    /** The source that decided. */
    record Origin(
            @Nullable String source,
            @Nullable String value,
            @Nullable Instant changedAt,
            @Nullable Duration age,
            @Nullable String detail) {

        static final Origin NONE = new Origin(null, null, null, null, null);
    }

    /** The sources that did not decide. */
    record Others(List<String> shadowed, boolean shadowsOff, List<String> unanswered) {}

    /**
     * The flag key that was asked for.
     *
     * @return the key; empty if it was null
     */
    public String key() {
        return key;
    }

    /**
     * The answer.
     *
     * @return whether the feature is on
     */
    public boolean enabled() {
        return enabled;
    }

    /**
     * Why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * What was wrong.
     *
     * @return null if nothing was
     */
    public @Nullable ErrorCode errorCode() {
        return errorCode;
    }

    /**
     * The source that decided, {@value #OVERRIDE} for an override. With {@link Reason#ERROR}, the source whose value
     * cannot be read.
     *
     * @return its name; null if the default decided
     */
    public @Nullable String source() {
        return source;
    }

    /**
     * The text that decided. With {@link Reason#ERROR}, the text that cannot be read.
     *
     * @return the exact text; null if the default decided
     */
    public @Nullable String value() {
        return value;
    }

    /**
     * When the value last changed: as the source says, else when this process first saw it.
     *
     * @return null if the default decided
     */
    public @Nullable Instant changedAt() {
        return changedAt;
    }

    /**
     * How long ago the source that decided last answered.
     *
     * @return zero for an override; null if the default decided
     */
    public @Nullable Duration age() {
        return age;
    }

    /**
     * A sentence more for people: the reason given for an override, or what ails the source.
     *
     * @return null if there is nothing to say
     */
    public @Nullable String detail() {
        return detail;
    }

    /**
     * The sources further down that hold the flag too, in order of precedence.
     *
     * @return their names
     */
    public List<String> shadowed() {
        return shadowed;
    }

    /**
     * Whether the answer is on although a shadowed source says off: the mark of a kill that does not take.
     *
     * @return true if an off is shadowed
     */
    public boolean shadowsOff() {
        return shadowsOff;
    }

    /**
     * The sources that have not answered since this client was built, in order of precedence.
     *
     * @return their names
     */
    public List<String> unanswered() {
        return unanswered;
    }

    /** The whole explanation in one line. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(FlagText.printable(key))
                .append(enabled ? "=on (" : "=off (")
                .append(reason);
        append(line, "", errorCode);
        append(line, "source ", source);
        append(line, "value ", value == null ? null : "\"" + FlagText.printable(value) + "\"");
        append(line, "changed ", changedAt);
        append(line, "age ", age);
        append(line, "", detail);
        append(line, shadowsOff ? "shadows an OFF among " : "shadows ", shadowed.isEmpty() ? null : shadowed);
        append(line, "unanswered ", unanswered.isEmpty() ? null : unanswered);
        return line.append(')').toString();
    }

    private static void append(StringBuilder line, String label, @Nullable Object part) {
        if (part != null) {
            line.append(", ").append(label).append(part);
        }
    }
}
