package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;

/** Runs an action whose failure is told and stops nothing, such as a look at a service that others run. */
public final class OnlyTold implements StepAction {

    private final StepAction action;

    private OnlyTold(StepAction action) {
        this.action = action;
    }

    /**
     * An action that does not fail.
     *
     * @param action what is run
     * @return the action
     * @throws IllegalArgumentException if it is null
     */
    public static OnlyTold of(StepAction action) {
        if (action == null) {
            throw new IllegalArgumentException("what is run must be given, but is null");
        }
        return new OnlyTold(action);
    }

    /** Throws only if it is interrupted. */
    @Override
    public void run(StepContext context) throws InterruptedException {
        try {
            action.run(context);
        } catch (InterruptedException stopped) {
            throw stopped;
        } catch (Exception e) {
            context.tell("WARNING: " + FlagText.printable(e));
        }
    }
}
