package io.pratique.readiness;

/**
 * Makes a steady standing from single votes. The first vote sets it at once; after that only so many opposite votes in a
 * row change it, and one that agrees starts the count again. Immutable and without time.
 *
 * @param standing what the votes have come to
 * @param opposing how many votes in a row speak against it
 */
record Hysteresis(int failureThreshold, int successThreshold, Standing standing, int opposing) {

    /** What votes come to. */
    enum Standing {
        UNKNOWN,
        WORKS,
        FAILED
    }

    static Hysteresis of(ProbeSettings settings) {
        return new Hysteresis(settings.failureThreshold(), settings.successThreshold(), Standing.UNKNOWN, 0);
    }

    Hysteresis vote(boolean success) {
        Standing voted = success ? Standing.WORKS : Standing.FAILED;
        if (standing == Standing.UNKNOWN) {
            return with(voted, 0);
        }
        if (standing == voted) {
            return opposing == 0 ? this : with(standing, 0);
        }
        int needed = success ? successThreshold : failureThreshold;
        return opposing + 1 >= needed ? with(voted, 0) : with(standing, opposing + 1);
    }

    /** With nothing known any more: the next vote sets the standing at once. */
    Hysteresis forgotten() {
        return with(Standing.UNKNOWN, 0);
    }

    private Hysteresis with(Standing next, int count) {
        return new Hysteresis(failureThreshold, successThreshold, next, count);
    }
}
