package io.pratique.release.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.incidents.Answering.Request;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Slack, PagerDuty and others are sent, and how their answers count. */
@Tag("S-6")
class WebhooksIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant OPENED = Instant.parse("2026-03-01T12:00:00Z");

    private final Incident incident = new Incident(
            "1-v2",
            "worker",
            "v2",
            null,
            ReleaseOutcome.ROLLBACK_FAILED,
            "<!channel> & more",
            OPENED,
            OPENED.plus(Duration.ofDays(2)),
            URI.create("https://tickets/7?a=b&c=d"),
            1,
            null,
            List.of(Delivery.to("slack").refused("somebody else's affair")));

    private Answering server;

    @BeforeEach
    void start() throws IOException {
        server = new Answering(Answering.status(200, "ok"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Request only() {
        assertThat(server.requests()).hasSize(1);
        return server.requests().get(0);
    }

    private SlackWebhook slack() {
        return SlackWebhook.of(() -> server.url() + "/services/T0001/B0002/hunter2hunter2\n");
    }

    @Test
    void slackIsSentAMessageThatMentionsNobody() throws Exception {
        assertThat(slack().deliver(incident)).isNull();

        assertThat(only().path()).isEqualTo("/services/T0001/B0002/hunter2hunter2");
        assertThat(JSON.readTree(only().body()).path("text").asText())
                .isEqualTo("*Release v2 of worker: ROLLBACK_FAILED*\n&lt;!channel&gt; &amp; more\n"
                        + "Incident worker/1-v2, due 2026-03-03T12:00:00Z, <https://tickets/7?a=b&amp;c=d|ticket>");
    }

    @Test
    void pagerDutyIsSentAnEventWithItsKey() throws Exception {
        server.answer(Answering.status(202, "{\"status\":\"success\"}"));

        assertThat(PagerDutyEvents.of(() -> "routing-hunter2").url(server.url()).deliver(incident))
                .isNull();

        assertThat(only().path()).isEqualTo("/v2/enqueue");
        JsonNode event = JSON.readTree(only().body());
        assertThat(event.path("routing_key").asText()).isEqualTo("routing-hunter2");
        assertThat(event.path("event_action").asText()).isEqualTo("trigger");
        assertThat(event.path("dedup_key").asText()).isEqualTo("worker/1-v2");
        assertThat(event.at("/payload/severity").asText()).isEqualTo("critical");
        assertThat(event.at("/payload/source").asText()).isEqualTo("worker");
        assertThat(event.at("/payload/summary").asText()).contains("ROLLBACK_FAILED, since <!channel>");
        assertThat(event.at("/links/0/href").asText()).isEqualTo("https://tickets/7?a=b&c=d");
    }

    private Incident closed() {
        return incident.closed(new Incident.Closing(incident.openedAt(), "ada", "<mended>"));
    }

    @Test
    void areSentThatItWasClosed() throws Exception {
        PagerDutyEvents.of(() -> "routing-hunter2").url(server.url()).deliver(closed());
        slack().deliver(closed());
        JsonWebhook.of(() -> server.url() + "/hook").deliver(closed());

        JsonNode event = JSON.readTree(server.requests().get(0).body());
        assertThat(event.path("event_action").asText()).isEqualTo("resolve");
        assertThat(event.path("dedup_key").asText()).isEqualTo("worker/1-v2");
        assertThat(event.has("payload")).isFalse();
        assertThat(JSON.readTree(server.requests().get(1).body()).path("text").asText())
                .isEqualTo("*Release v2 of worker: ROLLBACK_FAILED*\n"
                        + "Incident worker/1-v2, closed by ada: &lt;mended&gt;");
        assertThat(server.requests().get(2).header(JsonWebhook.REVISION)).isEqualTo("2");
        assertThat(JSON.readTree(server.requests().get(2).body())
                        .at("/closing/by")
                        .asText())
                .isEqualTo("ada");
    }

    @Test
    void othersAreSentTheIncidentSigned() throws Exception {
        JsonWebhook.of(() -> server.url() + "/hook")
                .signedWith(() -> "schl\u00fcssel")
                .deliver(incident);

        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("schl\u00fcssel".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signature = HexFormat.of().formatHex(mac.doFinal(only().body().getBytes(StandardCharsets.UTF_8)));
        assertThat(only().header(JsonWebhook.SIGNATURE)).isEqualTo("sha256=" + signature);
        assertThat(only().header(JsonWebhook.KEY)).isEqualTo("worker/1-v2");
        assertThat(only().header(JsonWebhook.REVISION)).isEqualTo("1");
        JsonNode body = JSON.readTree(only().body());
        assertThat(body.path("outcome").asText()).isEqualTo("ROLLBACK_FAILED");
        assertThat(body.path("dueAt").asText()).isEqualTo("2026-03-03T12:00:00Z");
        assertThat(only().body()).doesNotContain("somebody else");
    }

    @Test
    void othersAreSentNoSignatureUnlessTold() throws Exception {
        JsonWebhook.of(() -> server.url() + "/hook").deliver(incident);

        assertThat(only().headers()).doesNotContainKey(JsonWebhook.SIGNATURE);
    }

    @Test
    void whatWouldBeRefusedAgainIsARefusal() {
        for (int status : new int[] {301, 400, 401, 403, 404, 410, 422}) {
            server.answer(Answering.status(status, "no hunter2hunter2"));
            assertThatThrownBy(() -> slack().deliver(incident))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("Slack answers with status " + status + ": no ***");
        }
    }

    @Test
    void whatMayPassIsNone() {
        for (int status : new int[] {408, 425, 429, 500, 503}) {
            server.answer(Answering.status(status, ""));
            assertThatThrownBy(() -> slack().deliver(incident))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(RefusedException.class)
                    .hasMessage("Slack answers with status " + status);
        }
    }

    @Test
    void secretsAreNotShownWhateverIsWrongWithThem() {
        assertThatThrownBy(() -> SlackWebhook.of(() -> "htp:/hunter2 {").deliver(incident))
                .hasMessageContaining("must begin with http://")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
        assertThatThrownBy(
                        () -> SlackWebhook.of(() -> "http://ada:hunter2@host/").deliver(incident))
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
        assertThatThrownBy(() -> SlackWebhook.of(() -> null).deliver(incident)).hasMessageContaining("is not there");
        assertThatThrownBy(() -> PagerDutyEvents.of(() -> {
                            throw new IllegalStateException("cannot parse hunter2");
                        })
                        .deliver(incident))
                .hasMessageContaining("IllegalStateException")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
        assertThatThrownBy(() ->
                        GitHubIssues.of("acme/worker", () -> "hunter2\r\nX: y").deliver(incident))
                .hasMessageContaining("cannot be sent")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }
}
