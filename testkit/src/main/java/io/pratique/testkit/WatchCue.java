package io.pratique.testkit;

import io.pratique.flags.spi.Subscription;
import java.util.Objects;
import java.util.function.Consumer;

/** Says what the next call of {@link ScriptedSource#watch} does, or every call. */
public final class WatchCue {

    private final Consumer<Script.Cue<Subscription>> script;

    WatchCue(Consumer<Script.Cue<Subscription>> script) {
        this.script = script;
    }

    /**
     * It throws: no watch is set up.
     *
     * @param failure what it throws: any exception or error, checked ones included
     */
    public void fails(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        script.accept(usual -> {
            throw failure;
        });
    }

    /** It returns {@link Subscription#none()}, as a source without push does. */
    public void offersNoPush() {
        script.accept(usual -> Subscription.none());
    }

    /**
     * It hangs before the watch is set up. Interrupted, it throws {@link InterruptedException}.
     *
     * @return what lets it go
     */
    public Hold hangs() {
        return hold(new Hold(false));
    }

    /**
     * It hangs before the watch is set up, and interrupts do not help.
     *
     * @return what lets it go
     */
    public Hold hangsStubbornly() {
        return hold(new Hold(true));
    }

    private Hold hold(Hold hold) {
        script.accept(usual -> {
            hold.pass();
            return usual.call();
        });
        return hold;
    }
}
