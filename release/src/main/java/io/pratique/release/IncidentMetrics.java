package io.pratique.release;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The incidents that are kept beside the journals, as metrics. */
final class IncidentMetrics {

    private static final String OPEN = "open";
    private static final String OVERDUE = "overdue";
    private static final String CLOSED = "closed";
    private static final String UNDELIVERED = "undelivered";

    private final Path directory;
    private final Instant now;
    private final MetricsText text;

    IncidentMetrics(Path directory, Instant now, MetricsText text) {
        this.directory = directory.resolve("incidents");
        this.now = now;
        this.text = text;
    }

    /** What these metrics need of an incident. */
    private record Known(String release, String outcome, String state, boolean delivered, Instant openedAt) {}

    void add() throws IOException {
        List<Known> incidents = read();
        int overdue = count(incidents, incident -> incident.state().equals(OVERDUE));
        int open = count(incidents, incident -> incident.state().equals(OPEN)) + overdue;
        text.set(ReleaseMetric.INCIDENTS, open, OPEN);
        text.set(ReleaseMetric.INCIDENTS, overdue, OVERDUE);
        text.set(ReleaseMetric.INCIDENTS, count(incidents, incident -> !incident.delivered()), UNDELIVERED);
        incidents.stream()
                .sorted(Comparator.comparing(Known::openedAt).reversed())
                .limit(HistoryMetrics.NEWEST)
                .forEach(incident -> text.set(
                        ReleaseMetric.INCIDENT,
                        incident.openedAt(),
                        incident.release(),
                        incident.outcome(),
                        incident.state()));
    }

    private static int count(List<Known> incidents, Predicate<Known> which) {
        return (int) incidents.stream().filter(which).count();
    }

    private List<Known> read() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Known> incidents = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".json")).toList()) {
                incidents.add(known(file));
            }
        }
        return incidents;
    }

    private Known known(Path file) throws IOException {
        JsonNode incident = SituationMetrics.read(file);
        boolean told = StreamSupport.stream(incident.path("deliveries").spliterator(), false)
                .allMatch(delivery -> delivery.path("state").asText().equals("DELIVERED"));
        String state = state(incident);
        return new Known(
                incident.path("id").asText(),
                incident.path("outcome").asText().toLowerCase(Locale.ROOT),
                state,
                // What is closed needs nobody who is called for it.
                told || state.equals(CLOSED),
                SituationMetrics.time(incident, "openedAt"));
    }

    private String state(JsonNode incident) throws IOException {
        if (incident.hasNonNull("closing")) {
            return CLOSED;
        }
        return SituationMetrics.time(incident, "dueAt").isBefore(now) ? OVERDUE : OPEN;
    }
}
