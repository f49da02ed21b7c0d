package io.pratique.release.incidents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.ReleaseOutcome;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Triggers an alert of PagerDuty for each incident, by version 2 of its Events API. The incident's key is the deduplication
 * key, so while the alert is open, however often it is told, there is one. Immutable.
 */
public final class PagerDutyEvents implements IncidentReceiver {

    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final int LONGEST_SUMMARY = 1_000;

    private final Supplier<String> routingKey;
    private final URI api;

    private PagerDutyEvents(Supplier<String> routingKey, URI api) {
        this.routingKey = routingKey;
        this.api = api;
    }

    /**
     * A service's integration.
     *
     * @param routingKey its integration key, which is secret; asked for with each delivery
     * @return a receiver
     * @throws IllegalArgumentException if the supplier is null
     */
    public static PagerDutyEvents of(Supplier<String> routingKey) {
        return new PagerDutyEvents(
                Secret.supplier("routing key of PagerDuty", routingKey), URI.create("https://events.pagerduty.com"));
    }

    /**
     * The same with the API elsewhere, as in the European region.
     *
     * @param api without a slash at its end; {@code https://events.pagerduty.com} unless set
     * @return a new receiver
     * @throws IllegalArgumentException if it is no URL
     */
    public PagerDutyEvents url(URI api) {
        return new PagerDutyEvents(routingKey, HttpCall.requireUrl("PagerDuty", api));
    }

    /** Gives no link, for PagerDuty tells none. */
    @Override
    public @Nullable URI deliver(Incident incident) throws IOException, InterruptedException {
        Secret secret = Secret.from("routing key of PagerDuty", routingKey);
        byte[] body = event(incident, secret.value()).toString().getBytes(StandardCharsets.UTF_8);
        new HttpCall("PagerDuty", secret).send("POST", HttpCall.to(api + "/v2/enqueue"), body, REQUEST);
        return null;
    }

    private static ObjectNode event(Incident incident, String routingKey) {
        ObjectNode event = IncidentJson.JSON
                .createObjectNode()
                .put("routing_key", routingKey)
                .put("event_action", incident.isOpen() ? "trigger" : "resolve")
                .put("dedup_key", incident.key());
        if (!incident.isOpen()) {
            return event;
        }
        String summary = incident.title() + (incident.reason() == null ? "" : ", since " + incident.reason());
        event.put("client", "Pratique")
                .putObject("payload")
                .put("summary", FlagText.printable(summary, LONGEST_SUMMARY))
                .put("source", incident.service() == null ? "release" : incident.service())
                .put("severity", severity(incident.outcome()))
                .put("timestamp", incident.openedAt().toString())
                .set("custom_details", IncidentJson.described(incident));
        if (incident.ticket() != null) {
            event.putArray("links")
                    .addObject()
                    .put("href", incident.ticket().toString())
                    .put("text", "ticket");
        }
        return event;
    }

    /** What is neither old nor new in whole is worse than what was undone. */
    private static String severity(ReleaseOutcome outcome) {
        return switch (outcome) {
            case ROLLBACK_FAILED, INCONCLUSIVE -> "critical";
            case ROLLED_BACK, INTERRUPTED -> "error";
            case DONE, NOTHING_CHANGED -> "info";
        };
    }
}
