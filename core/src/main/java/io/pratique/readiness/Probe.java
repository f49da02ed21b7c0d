package io.pratique.readiness;

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
 * the check is broken, which is no evidence of anything. A probe that knows more of its client's exceptions catches them
 * and says {@link ProbeResult#down}.
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
}
