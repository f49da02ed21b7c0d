package io.pratique.release;

/** Something that a step does. */
@FunctionalInterface
public interface StepAction {

    /**
     * Does it. It runs on a thread of the release's own, one step at a time, and may block. That thread is interrupted
     * when its time is over, and, unless it undoes something or runs last, when the release is to stop; an action that goes
     * on all the same leaves the release in doubt.
     *
     * @param context what the action may know of the release
     * @throws Exception if it fails; the message is for people, and holds no secret
     */
    void run(StepContext context) throws Exception;
}
