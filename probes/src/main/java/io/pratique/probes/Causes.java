package io.pratique.probes;

import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An exception and what it came of. */
final class Causes {

    /** Longer chains are not made by hand; one that is a circle ends here too. */
    private static final int DEPTH = 50;

    private Causes() {}

    /** The exception itself comes first. */
    static List<Throwable> of(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = thrown; cause != null && causes.size() < DEPTH; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    /** The first of a type; null if there is none. */
    static <T extends Throwable> @Nullable T first(Throwable thrown, Class<T> type) {
        for (Throwable cause : of(thrown)) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    /** Whether it tells of this process alone, which has used up its files or its ports: then nobody was asked. */
    static boolean isOurs(Throwable cause) {
        return cause instanceof BindException
                || String.valueOf(cause.getMessage()).contains("Too many open files");
    }
}
