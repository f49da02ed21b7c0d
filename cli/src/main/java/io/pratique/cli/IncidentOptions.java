package io.pratique.cli;

import io.pratique.release.incidents.Delivery;
import io.pratique.release.incidents.Incident;
import io.pratique.release.incidents.Incidents;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is done about incidents. */
final class IncidentOptions {

    @Option(
            names = "--deliver",
            description =
                    "Tell the plan's receivers of the incidents that they have not been told of, also of those that they"
                            + " have refused, in place of a report.")
    private boolean deliver;

    @Option(
            names = "--close-incident",
            paramLabel = "ID",
            description = "Close the incident of a release, and tell the plan's receivers so, in place of a report.")
    private @Nullable String closed;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "Who closes it. Unless given, the user of this process.")
    private String by = "";

    @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "What came of it.")
    private String note = "";

    /** Not for use: made by the parser of the command line. */
    IncidentOptions() {}

    /** Whether anything is to be done. */
    boolean isAsked() {
        return closed != null || deliver;
    }

    /** Does what is asked. What cannot be told of a closing is queued, as a report of it says. */
    int code(Incidents incidents, Telling telling) throws IOException, InterruptedException {
        if (closed != null) {
            Map<String, Incident> shown = new LinkedHashMap<>();
            shown.put(closed, incidents.close(closed, by, note));
            try {
                incidents.deliver().forEach(told -> shown.put(told.id(), told));
            } catch (IOException e) {
                telling.sayAside("pratique: the incident is closed, but nobody was told: " + e.getMessage());
            }
            List<Incident> now = List.copyOf(shown.values());
            if (!incidents.receivers().isEmpty() && isLeft(now)) {
                telling.sayAside("pratique: not all are told yet; report --deliver tells them later");
            }
            return tell(now, ReleaseExitCode.OK, telling);
        }
        if (incidents.receivers().isEmpty()) {
            throw new IllegalArgumentException("--deliver tells nobody, for no receivers are known; give a --plan that"
                    + " names them: a file under \"incidents\", a class by a public static method that takes a Path and"
                    + " returns Incidents");
        }
        // Who asks for it by hand has perhaps mended what was refused, and does not want to wait for the next try.
        incidents.requeue();
        List<Incident> tried = incidents.deliver();
        return tell(tried, isLeft(tried) ? ReleaseExitCode.CONFIGURATION : ReleaseExitCode.OK, telling);
    }

    private static boolean isLeft(List<Incident> incidents) {
        return incidents.stream()
                .flatMap(incident -> incident.deliveries().stream())
                .anyMatch(delivery -> delivery.state() != Delivery.State.DELIVERED);
    }

    private static int tell(List<Incident> incidents, int code, Telling telling) {
        String text = incidents.isEmpty() ? "nobody was to be told of anything" : ReleaseLines.incidentsText(incidents);
        return telling.answer(
                code,
                text,
                ReleaseLines.object()
                        .set("incidents", ReleaseLines.incidentsJson(incidents, Instant.now()))
                        .toPrettyString());
    }
}
