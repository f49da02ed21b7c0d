package io.pratique.readiness;

import org.jspecify.annotations.Nullable;

/**
 * Asks one dependency how it is. A lambda is a probe:
 *
 * <pre>{@code
 * Probe database = () -> connection.isValid(1) ? ProbeResult.up() : ProbeResult.down("not valid");
 * }</pre>
 *
 * <p>Checks run on a daemon thread of the gate, never two of one probe at once. One may block: past its timeout the
 * thread is interrupted and the check votes for down; while it ignores that, no second one starts.
 *
 * <p>A check may throw. A refused connection, a missing route, an unknown host, or an SQL state of class 08 or 57P,
 * anywhere along the causes, is evidence that the dependency is down. Anything else, a null result included, says that
 * the check is broken, which is no evidence of anything. A probe that knows more of its client's exceptions says so in
 * {@link #classify}.
 */
@FunctionalInterface
public interface Probe {

    /**
     * Asks once.
     *
     * @return what was found, never null
     * @throws Exception if asking failed
     */
    ProbeResult check() throws Exception;

    /**
     * What an exception of this probe's client says of the dependency, where that is more than the gate can tell by
     * itself: thrown by a check, or by a real call that was {@linkplain DependencyHandle#failure reported}. Called on the
     * thread of the check or of the report; must not block. If it throws, nothing is said.
     *
     * @param failure what was thrown
     * @return down or saturated; up, if the dependency answered as one that works does; null if nothing is known, and the
     *     rules for all probes decide
     */
    default @Nullable ProbeResult classify(Throwable failure) {
        return null;
    }

    /**
     * How this probe is run where the gate's builder is given no settings for it. Asked once.
     *
     * @return the defaults for all probes, unless this one knows better
     */
    default ProbeSettings settings() {
        return ProbeSettings.defaults();
    }
}
