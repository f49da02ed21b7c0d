package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Runs an action up to a number of times until it succeeds, as what has just been deployed takes a while to answer: three
 * times, five seconds apart, unless set. Immutable.
 */
public final class Attempts implements StepAction {

    private static final int USUAL_TIMES = 3;
    private static final Duration USUAL_PAUSE = Duration.ofSeconds(5);

    private final StepAction action;
    private final int times;
    private final Duration pause;

    private Attempts(StepAction action, int times, Duration pause) {
        this.action = action;
        this.times = times;
        this.pause = pause;
    }

    /**
     * Three attempts, five seconds apart.
     *
     * @param action what is attempted; it must bear to be run again
     * @return an action that succeeds as soon as one attempt does
     * @throws IllegalArgumentException if it is null
     */
    public static Attempts of(StepAction action) {
        if (action == null) {
            throw new IllegalArgumentException("what is attempted must be given, but is null");
        }
        return new Attempts(action, USUAL_TIMES, USUAL_PAUSE);
    }

    /**
     * The same with another number of attempts.
     *
     * @param times at least one
     * @return a new action
     * @throws IllegalArgumentException if it is less
     */
    public Attempts times(int times) {
        return new Attempts(action, requireTimes(times), pause);
    }

    static int requireTimes(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("attempts must be one at least, but are \"" + times + "\"");
        }
        return times;
    }

    /**
     * The same with another time between two attempts.
     *
     * @param pause from the end of one to the beginning of the next, an hour at most
     * @return a new action
     * @throws IllegalArgumentException if it is null, negative or longer
     */
    public Attempts apart(Duration pause) {
        return new Attempts(action, times, requirePause(pause));
    }

    static Duration requirePause(Duration pause) {
        if (pause == null || pause.isNegative() || pause.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "time between attempts must be an hour at most and not negative, but is \"" + pause + "\"");
        }
        return pause;
    }

    /** Throws what the last attempt has thrown. */
    @Override
    public void run(StepContext context) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                action.run(context);
                return;
            } catch (InterruptedException stopped) {
                throw stopped;
            } catch (Exception e) {
                if (attempt == times) {
                    throw e;
                }
                context.tell("attempt " + attempt + " failed: " + FlagText.printable(e));
            }
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        }
    }
}
