package io.pratique.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.release.LockState;
import io.pratique.release.ReleaseHistory;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.incidents.Incident;
import io.pratique.release.incidents.Incidents;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the releases of a service are now.
 *
 * @param incidents those that are open
 */
record ReleaseStatus(
        ReleasePlace place,
        ReleaseHistory history,
        @Nullable LockState lock,
        List<Incident> incidents,
        Instant now) {

    private static final int SHOWN = 3;
    private static final String NONE = "none";

    static ReleaseStatus of(ReleasePlace place) throws IOException {
        List<Incident> open = Incidents.in(place.directory()).list().stream()
                .filter(Incident::isOpen)
                .toList();
        return new ReleaseStatus(
                place, ReleaseHistory.in(place.directory()), place.lock().state(), open, Instant.now());
    }

    private List<ReleaseRecord> last() {
        return history.releases().stream().limit(SHOWN).toList();
    }

    String toText() {
        ReleaseRecord begun = history.underWay();
        StringBuilder text = new StringBuilder();
        line(text, "version", history.currentVersion());
        line(text, "under way", begun == null ? null : ReleaseLines.line(begun));
        if (begun != null) {
            line(text, "  so far", ReleaseLines.progress(begun));
            line(text, "  goes on", lock == null || lock.stale() ? "no; resume it or roll it back" : "yes");
        }
        line(text, "lock", lock);
        if (!incidents.isEmpty()) {
            line(text, "incidents", "");
            incidents.forEach(incident -> line(
                    text, "  " + ReleaseLines.line(incident) + (incident.isOverdue(now) ? ", which is over" : "")));
        }
        line(text, "last releases", last().isEmpty() ? null : "");
        last().forEach(release -> line(text, "  " + ReleaseLines.line(release)));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, @Nullable Object value) {
        String shown = value == null ? NONE : value.toString();
        line(text, (name + ": " + shown).stripTrailing());
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append(System.lineSeparator());
    }

    String toJson() {
        ReleaseRecord begun = history.underWay();
        ObjectNode node = ReleaseLines.object()
                .put("directory", place.directory().toString())
                .put("version", history.currentVersion());
        node.set("underWay", begun == null ? null : ReleaseLines.reportJson(begun));
        node.set("lock", lock == null ? null : ReleaseLines.lockJson(lock));
        node.set("incidents", ReleaseLines.incidentsJson(incidents, now));
        ArrayNode releases = node.putArray("lastReleases");
        last().forEach(release -> releases.add(ReleaseLines.reportJson(release)));
        return node.toPrettyString();
    }
}
