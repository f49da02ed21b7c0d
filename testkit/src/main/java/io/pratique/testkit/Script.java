package io.pratique.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What a method does instead of its usual work: one cue for each of the next calls, and one for all others. */
final class Script<T> {

    /** What one call does. */
    @FunctionalInterface
    interface Cue<T> {

        @Nullable T play(Callable<T> usual) throws Throwable;
    }

    private final Deque<Cue<T>> next = new ArrayDeque<>();
    private Cue<T> otherwise = Callable::call;

    synchronized void next(Cue<T> cue) {
        next.add(cue);
    }

    synchronized void every(Cue<T> cue) {
        otherwise = cue;
    }

    synchronized void clear() {
        next.clear();
        otherwise = Callable::call;
    }

    private synchronized Cue<T> take() {
        Cue<T> cue = next.poll();
        return cue == null ? otherwise : cue;
    }

    /** Plays the next cue. Anything may be thrown, as by foreign code that was compiled without checked exceptions. */
    @Nullable T play(Callable<T> usual) {
        try {
            return take().play(usual);
        } catch (Throwable thrown) {
            throw Script.<RuntimeException>unchecked(thrown);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // E is RuntimeException to the compiler alone
    private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
