package io.pratique.cli;

import io.pratique.release.incidents.Delivery;
import io.pratique.release.incidents.Incident;
import io.pratique.release.incidents.Incidents;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
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

    /**
     * Does what is asked.
     *
     * @return null if nothing is
     */
    @Nullable Integer code(Incidents incidents, Telling telling) throws IOException, InterruptedException {
        if (closed != null) {
            Incident incident = incidents.close(closed, by, note);
            Incident told = incidents.deliver().stream()
                    .filter(each -> each.id().equals(closed))
                    .findFirst()
                    .orElse(incident);
            return tell(List.of(told), ReleaseExitCode.OK, telling);
        }
        if (deliver) {
            if (incidents.receivers().isEmpty()) {
                throw new IllegalArgumentException(
                        "--deliver tells nobody: the plan names no receivers; name them under"
                                + " \"incidents\" in a plan's file, or in a class by a public static method that takes a Path and"
                                + " returns Incidents");
            }
            // Who asks for it by hand has perhaps mended what was refused, and does not want to wait for the next try.
            incidents.requeue();
            List<Incident> tried = incidents.deliver();
            boolean left = tried.stream()
                    .flatMap(incident -> incident.deliveries().stream())
                    .anyMatch(delivery -> delivery.state() != Delivery.State.DELIVERED);
            return tell(tried, left ? ReleaseExitCode.CONFIGURATION : ReleaseExitCode.OK, telling);
        }
        return null;
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
