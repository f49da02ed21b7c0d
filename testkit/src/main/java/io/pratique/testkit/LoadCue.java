package io.pratique.testkit;

import io.pratique.flags.spi.FlagSet;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says what the next load of a {@link ScriptedSource} does, or every load. */
public final class LoadCue {

    private final Consumer<Script.Cue<FlagSet>> script;

    LoadCue(Consumer<Script.Cue<FlagSet>> script) {
        this.script = script;
    }

    /**
     * It throws.
     *
     * @param failure what it throws: any exception or error, checked ones included
     */
    public void fails(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        script.accept(usual -> {
            throw failure;
        });
    }

    /**
     * It answers something else than what the source holds: an empty set, somebody else's flags, or null, which no
     * source may.
     *
     * @param lie what it answers
     */
    public void answers(@Nullable FlagSet lie) {
        script.accept(usual -> lie);
    }

    /**
     * It hangs before it reads. Let go, it answers what the source holds then; interrupted, it throws {@link
     * InterruptedException}.
     *
     * @return what lets it go
     */
    public Hold hangs() {
        return holdBeforeReading(new Hold(false));
    }

    /**
     * It hangs before it reads, and interrupts do not help.
     *
     * @return what lets it go
     */
    public Hold hangsStubbornly() {
        return holdBeforeReading(new Hold(true));
    }

    /**
     * It reads at once and answers late: what it delivers when it is let go is as old as its start.
     *
     * @return what lets it go
     */
    public Hold answersLate() {
        Hold hold = new Hold(false);
        script.accept(usual -> {
            FlagSet asOfTheStart = usual.call();
            hold.pass();
            return asOfTheStart;
        });
        return hold;
    }

    private Hold holdBeforeReading(Hold hold) {
        script.accept(usual -> {
            hold.pass();
            return usual.call();
        });
        return hold;
    }
}
