package io.pratique.release.incidents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.incidents.Incident.Closing;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An incident as JSON. */
final class IncidentJson {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final int FORMAT = 1;

    private IncidentJson() {}

    /** What others may know: all but to whom else it was told. */
    static ObjectNode described(Incident incident) {
        ObjectNode json = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("id", incident.id())
                .put("service", incident.service())
                .put("version", incident.version())
                .put("previousVersion", incident.previousVersion())
                .put("outcome", incident.outcome().name())
                .put("reason", incident.reason())
                .put("openedAt", incident.openedAt().toString())
                .put("dueAt", incident.dueAt().toString())
                .put("ticket", text(incident.ticket()))
                .put("revision", incident.revision());
        Closing closing = incident.closing();
        if (closing != null) {
            json.putObject("closing")
                    .put("at", closing.at().toString())
                    .put("by", closing.by())
                    .put("note", closing.note());
        }
        return json;
    }

    static byte[] bytes(Incident incident) throws JsonProcessingException {
        ObjectNode json = described(incident);
        ArrayNode deliveries = json.putArray("deliveries");
        for (Delivery delivery : incident.deliveries()) {
            deliveries
                    .addObject()
                    .put("receiver", delivery.receiver())
                    .put("state", delivery.state().name())
                    .put("attempts", delivery.attempts())
                    .put("error", delivery.error())
                    .put("nextTry", text(delivery.nextTry()))
                    .put("link", text(delivery.link()));
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /**
     * Reads what {@link #bytes} gave.
     *
     * @throws IllegalArgumentException if it is something else
     * @throws DateTimeException likewise
     * @throws IOException if it is no JSON
     */
    static Incident read(byte[] bytes) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        if (json.path("format").asInt(-1) != FORMAT) {
            throw new IllegalArgumentException("it has another format");
        }
        List<Delivery> deliveries = new ArrayList<>();
        json.path("deliveries").forEach(each -> deliveries.add(delivery(each)));
        return new Incident(
                required(json, "id"),
                json.path("service").textValue(),
                required(json, "version"),
                json.path("previousVersion").textValue(),
                ReleaseOutcome.valueOf(required(json, "outcome")),
                json.path("reason").textValue(),
                Instant.parse(required(json, "openedAt")),
                Instant.parse(required(json, "dueAt")),
                uri(json, "ticket"),
                json.path("revision").asInt(),
                json.has("closing") ? closing(json.path("closing")) : null,
                deliveries);
    }

    private static Closing closing(JsonNode json) {
        return new Closing(Instant.parse(required(json, "at")), required(json, "by"), required(json, "note"));
    }

    private static Delivery delivery(JsonNode json) {
        String nextTry = json.path("nextTry").textValue();
        return new Delivery(
                required(json, "receiver"),
                Delivery.State.valueOf(required(json, "state")),
                Math.max(0, json.path("attempts").asInt()),
                json.path("error").textValue(),
                nextTry == null ? null : Instant.parse(nextTry),
                uri(json, "link"));
    }

    private static @Nullable URI uri(JsonNode json, String name) {
        String text = json.path(name).textValue();
        return text == null ? null : URI.create(text);
    }

    private static String required(JsonNode json, String name) {
        String text = json.path(name).textValue();
        if (text == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return text;
    }
}
