package io.pratique.probes;

import io.pratique.flags.spi.FlagText;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An exception that is no evidence, without what a stranger has written into it, which may be a secret. */
final class Unusable {

    private static final int DEPTH = 5;
    private static final int CODE_LENGTH = 60;

    private Unusable() {}

    /**
     * Names the classes along the causes, and drops their messages.
     *
     * @param code what the keeper says of itself, a word; null if it says nothing
     */
    static IllegalStateException because(String keeper, Throwable failure, @Nullable String code) {
        String names = Causes.of(failure).stream()
                .limit(DEPTH)
                .map(cause -> cause.getClass().getSimpleName())
                .collect(Collectors.joining(", from "));
        return new IllegalStateException("no usable answer from " + keeper + " (" + names
                + (code == null ? "" : ", " + FlagText.printable(code, CODE_LENGTH)) + ")");
    }
}
