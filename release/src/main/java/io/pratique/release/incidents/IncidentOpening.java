package io.pratique.release.incidents;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.StepKind;
import io.pratique.release.io.Trouble;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which releases have an incident, and how that is opened. */
final class IncidentOpening {

    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);

    private final IncidentStore store;
    private final IncidentSettings settings;

    IncidentOpening(IncidentStore store, IncidentSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    /** Opens the incident of a release, or changes it; gives null if there is none, and none is wanted. */
    @Nullable Incident note(ReleaseRecord release, ReleaseOutcome outcome, @Nullable String reason)
            throws IOException, InterruptedException {
        boolean wanted = isWanted(release, outcome);
        Incident known = store.read(release.id());
        if (known == null && !wanted) {
            return null;
        }
        Instant now = settings.clock.instant();
        String shown = reason == null ? null : FlagText.printable(reason, 2_000);
        Incident opened = known == null ? opened(release, outcome, shown, now) : known;
        Instant again = wanted ? now.plus(settings.due) : null;
        return store.change(release.id(), before -> before == null ? opened : before.changed(outcome, shown, again));
    }

    private static boolean isWanted(ReleaseRecord release, ReleaseOutcome outcome) {
        return switch (outcome) {
            case ROLLED_BACK, ROLLBACK_FAILED, INCONCLUSIVE -> true;
            case INTERRUPTED -> release.steps().stream().anyMatch(step -> step.kind() == StepKind.CHANGE);
            case DONE, NOTHING_CHANGED -> false;
        };
    }

    private Incident opened(ReleaseRecord release, ReleaseOutcome outcome, @Nullable String reason, Instant now) {
        String previous = release.previousVersion();
        Incident incident = new Incident(
                release.id(),
                settings.service,
                FlagText.printable(release.version(), 100),
                previous == null ? null : FlagText.printable(previous, 100),
                outcome,
                reason,
                now,
                now.plus(settings.due),
                null,
                1,
                null,
                settings.receivers.keySet().stream().map(Delivery::to).toList());
        return settings.ticket == null ? incident : incident.withTicket(ticket(incident, settings.ticket));
    }

    private static @Nullable URI ticket(Incident incident, Function<Incident, @Nullable URI> asked) {
        try {
            URI ticket = asked.apply(incident);
            if (ticket == null || HttpCall.isUrl(ticket)) {
                return ticket;
            }
            LOG.atWarn()
                    .addKeyValue("incident", incident.id())
                    .log("The ticket's link begins with neither http:// nor https://");
        } catch (Throwable e) {
            Trouble.warn(LOG, e).addKeyValue("incident", incident.id()).log("The incident has no ticket");
        }
        return null;
    }
}
