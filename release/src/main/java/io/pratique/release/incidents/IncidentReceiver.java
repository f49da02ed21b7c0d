package io.pratique.release.incidents;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Somebody who is told of incidents, such as a ticket system or a chat. */
@FunctionalInterface
public interface IncidentReceiver {

    /**
     * Tells of an incident, and returns once the other side has taken it.
     *
     * <p>It is called on a thread of its own, for one incident at a time, and may block; it is interrupted when the time
     * that {@link Incidents#timeout} allows is over. What it throws changes nothing about the release: the incident is
     * queued and told again later, but for a {@link RefusedException}, after which it is not told again.
     *
     * <p>It is called also when somebody has closed the incident, which is not {@linkplain Incident#isOpen open} then, and
     * perhaps was never told.
     *
     * <p>It may be called again for an incident that was told already: because the answer was lost, the process was killed
     * before it could note the answer, or the incident has changed since ({@link Incident#revision}). It must have the
     * other side recognise the incident by its {@link Incident#key}, and must not make a second one of it.
     *
     * @param incident what to tell
     * @return where people find it, beginning with {@code http://} or {@code https://}; null if nowhere
     * @throws RefusedException if the other side has refused it and will again, so that somebody has to mend something
     * @throws Exception if it could not be told now; the message is for people, and holds no secret
     */
    @Nullable URI deliver(Incident incident) throws Exception;
}
