package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.InconclusiveException;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a watch looks at.
 *
 * @param health what throws while health is bad; null for a value
 * @param source where the value is read; null for health
 * @param threshold what the value is not to exceed
 * @param tolerated how long it may be bad, if it has its own measure of that; null if the watch has it for all
 */
record Signal(
        Kind kind,
        @Nullable StepAction health,
        @Nullable SignalSource source,
        double threshold,
        @Nullable Duration tolerated) {

    private static final MathContext DIGITS = new MathContext(4);
    private static final double LARGEST_WHOLE = 1e15;
    private static final int DETAIL = 200;

    /** What is looked at, in the order in which it is. */
    enum Kind {
        HEALTH("health", "healthy", ""),
        ERROR_RATE("error rate", "errorRate", ""),
        BACKLOG("backlog", "backlog", ""),
        P95("p95", "p95Seconds", " s");

        private final String shown;
        private final String key;
        private final String unit;

        Kind(String shown, String key, String unit) {
            this.shown = shown;
            this.key = key;
            this.unit = unit;
        }

        /** For people. */
        String shown() {
            return shown;
        }

        /** Of its value, for programs. */
        String key() {
            return key;
        }

        /** A value for people. */
        String shown(double value) {
            return number(value) + unit;
        }
    }

    /** What was seen of a signal. */
    enum Sight {
        GOOD,
        BAD,
        UNKNOWN
    }

    /**
     * One look.
     *
     * @param value not a number if there is none
     * @param said for people
     */
    record Sighting(Sight sight, double value, String said) {

        private Sighting(Sight sight, String said) {
            this(sight, Double.NaN, said);
        }
    }

    /** Looks; whatever the foreign code does, there is a sighting. */
    Sighting look(StepContext context) throws InterruptedException {
        try {
            return source == null ? lookAtHealth(context) : lookAtValue(source);
        } catch (InterruptedException stopped) {
            throw stopped;
        } catch (InconclusiveException unknown) {
            return new Sighting(
                    Sight.UNKNOWN,
                    "cannot be told: " + FlagText.printable(String.valueOf(unknown.getMessage()), DETAIL));
        } catch (Throwable thrown) {
            return source == null
                    ? new Sighting(Sight.BAD, FlagText.printable(thrown))
                    : new Sighting(Sight.UNKNOWN, "cannot be read: " + FlagText.printable(thrown));
        }
    }

    private Sighting lookAtHealth(StepContext context) throws Exception {
        if (health != null) {
            health.run(new Retold(context, text -> {}));
        }
        return new Sighting(Sight.GOOD, "good");
    }

    private Sighting lookAtValue(SignalSource from) throws Exception {
        double value = from.read();
        if (Double.isNaN(value)) {
            return new Sighting(Sight.UNKNOWN, "has no value");
        }
        return new Sighting(value > threshold ? Sight.BAD : Sight.GOOD, value, kind.shown(value));
    }

    /** Why the release is to be undone, beginning with what must not be cut off. */
    String trigger(Sighting bad, Duration lasted, Duration allowed) {
        Duration whole = lasted.truncatedTo(ChronoUnit.SECONDS);
        return source == null
                ? "health has been bad for " + whole + ", threshold " + allowed + ": " + bad.said()
                : kind.shown() + " is " + bad.said() + ", over the threshold " + kind.shown(threshold) + ", for "
                        + whole + (allowed.isZero() ? "" : " of " + allowed + " that are allowed");
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinite" : "negative infinite";
        }
        return value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE
                ? Long.toString((long) value)
                : new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
    }
}
