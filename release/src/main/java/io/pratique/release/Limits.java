package io.pratique.release;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What settings have to keep to. */
final class Limits {

    static final Duration SHORTEST = Duration.ofMillis(1);
    static final Duration LONGEST = Duration.ofDays(365);

    private Limits() {}

    static Duration within(String what, @Nullable Duration given, Duration least, Duration most) {
        if (given == null || given.compareTo(least) < 0 || given.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    what + " must be from " + least + " to " + most + ", but is \"" + given + "\"");
        }
        return given;
    }
}
