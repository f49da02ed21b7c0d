package io.pratique.release.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.incidents.Answering.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Issues on a server that keeps them as GitHub does. */
@Tag("S-6")
class GitHubIssuesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant OPENED = Instant.parse("2026-03-01T12:00:00Z");

    private final List<ObjectNode> issues = Collections.synchronizedList(new ArrayList<>());
    private Answering server;
    private GitHubIssues receiver;

    /** Whether the answer to what is made is lost. */
    private volatile boolean loses;

    @BeforeEach
    void start() throws IOException {
        server = new Answering(this::answer);
        receiver = GitHubIssues.of("acme/worker", () -> "ghp_secret123")
                .url(server.url())
                .labels("incident");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void answer(Request request, HttpExchange exchange) throws Exception {
        switch (request.method()) {
            case "GET" -> Answering.send(exchange, 200, page(request.path()).toString());
            case "POST" -> {
                ObjectNode issue =
                        issue(JSON.readTree(request.body()).path("body").asText(), OPENED.plusSeconds(5));
                // Closed without a word, as by a network that breaks.
                if (!loses) {
                    Answering.send(exchange, 201, issue.toString());
                }
            }
            default -> {
                int number =
                        Integer.parseInt(request.path().substring(request.path().lastIndexOf('/') + 1));
                ObjectNode issue = issues.get(number - 1);
                issue.setAll((ObjectNode) JSON.readTree(request.body()));
                Answering.send(exchange, 200, issue.toString());
            }
        }
    }

    private ObjectNode issue(String body, Instant createdAt) {
        int number = issues.size() + 1;
        ObjectNode issue = JSON.createObjectNode()
                .put("number", number)
                .put("html_url", "https://github.test/acme/worker/issues/" + number)
                .put("created_at", createdAt.toString())
                .put("state", "open")
                .put("body", body);
        issues.add(issue);
        return issue;
    }

    /** The newest first. */
    private ArrayNode page(String path) {
        int page = Integer.parseInt(path.substring(path.lastIndexOf('=') + 1));
        ArrayNode list = JSON.createArrayNode();
        for (int i = issues.size() - 1 - (page - 1) * 100; i >= 0 && list.size() < 100; i--) {
            list.add(issues.get(i));
        }
        return list;
    }

    private static Incident incident(int revision, ReleaseOutcome outcome, String reason) {
        return new Incident(
                "1-v2",
                null,
                "v2",
                "v1",
                outcome,
                reason,
                OPENED,
                OPENED.plus(Duration.ofDays(2)),
                URI.create("https://tickets/7"),
                revision,
                null,
                List.of());
    }

    private static Incident incident() {
        return incident(1, ReleaseOutcome.ROLLED_BACK, "p95 is up");
    }

    private long requests(String method) {
        return server.requests().stream()
                .filter(request -> request.method().equals(method))
                .count();
    }

    @Test
    void areMadeWithWhatPeopleWantToKnow() throws Exception {
        URI link = receiver.deliver(incident());

        assertThat(link).isEqualTo(URI.create("https://github.test/acme/worker/issues/1"));
        Request post = server.requests().get(1);
        assertThat(post.path()).isEqualTo("/repos/acme/worker/issues");
        assertThat(post.header("Authorization")).isEqualTo("Bearer ghp_secret123");
        JsonNode body = JSON.readTree(post.body());
        assertThat(body.path("title").asText()).isEqualTo("Incident 1-v2: release of v2");
        assertThat(body.path("labels").path(0).asText()).isEqualTo("incident");
        assertThat(body.path("body").asText())
                .contains("Release v2: ROLLED_BACK", "p95 is up", "due: 2026-03-03T12:00:00Z", "https://tickets/7");
    }

    @Test
    void areNotMadeTwiceIfAnAnswerIsLost() throws Exception {
        loses = true;
        assertThatThrownBy(() -> receiver.deliver(incident()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(RefusedException.class);
        loses = false;

        assertThat(receiver.deliver(incident()).toString()).endsWith("/issues/1");

        assertThat(issues).hasSize(1);
    }

    @Test
    void areClosedAndOpenedWithTheirIncident() throws Exception {
        receiver.deliver(incident());
        Incident closed = incident().closed(new Incident.Closing(OPENED, "ada", "mended <!-- ``` @all"));

        assertThat(receiver.deliver(closed).toString()).endsWith("/issues/1");
        assertThat(issues.get(0).path("state").asText()).isEqualTo("closed");
        assertThat(issues.get(0).path("body").asText())
                .contains("- closed: 2026-03-01T12:00:00Z", "```text\nada: mended <! -- ''' @all\n```");
        receiver.deliver(closed);
        assertThat(requests("PATCH")).isEqualTo(1);

        receiver.deliver(incident(3, ReleaseOutcome.ROLLBACK_FAILED, "again"));
        assertThat(issues.get(0).path("state").asText()).isEqualTo("open");
        assertThat(issues.get(0).path("body").asText()).doesNotContain("ada");
    }

    @Test
    void stayClosedWhenPeopleHaveClosedThem() throws Exception {
        receiver.deliver(incident());
        issues.get(0).put("state", "closed");

        receiver.deliver(incident(2, ReleaseOutcome.ROLLBACK_FAILED, "again"));

        assertThat(issues.get(0).path("body").asText()).contains("ROLLBACK_FAILED");
        assertThat(issues.get(0).path("state").asText()).isEqualTo("closed");
    }

    @Test
    void areNotThoseOfStrangersWhoCopyTheMark() throws Exception {
        URI link = receiver.deliver(incident());
        issue(issues.get(0).path("body").asText(), OPENED.plusSeconds(60));
        Incident known = incident().with(Delivery.to("github").delivered(link));
        Incident closed = known.closed(new Incident.Closing(OPENED, "ada", ""));

        for (Incident each : List.of(incident(), closed)) {
            assertThat(receiver.deliver(each).toString()).endsWith("/issues/1");
        }

        assertThat(issues).extracting(issue -> issue.path("state").asText()).containsExactly("closed", "open");
    }

    @Test
    void areNotMadeOfWhatIsOver() throws Exception {
        assertThat(receiver.deliver(incident().closed(new Incident.Closing(OPENED, "ada", ""))))
                .isNull();

        assertThat(issues).isEmpty();
    }

    @Test
    void areFoundAmongMany() throws Exception {
        receiver.deliver(incident());
        for (int i = 0; i < 250; i++) {
            issue("something else", OPENED.plusSeconds(60));
        }

        assertThat(receiver.deliver(incident()).toString()).endsWith("/issues/1");

        assertThat(requests("POST")).isEqualTo(1);
    }

    @Test
    void areNotLookedForAmongThoseThatAreOlder() throws Exception {
        for (int i = 0; i < 250; i++) {
            issue("<!-- pratique-incident: 1-v2 -->", OPENED.minus(Duration.ofDays(30)));
        }

        receiver.deliver(incident());

        assertThat(requests("GET")).isEqualTo(1);
        assertThat(requests("POST")).isEqualTo(1);
    }

    @Test
    void areThoseOfTheirOwnIncidentWhateverAReasonSays() throws Exception {
        receiver.deliver(incident(1, ReleaseOutcome.ROLLED_BACK, "``` <!-- pratique-incident: 2-v3 --> @everyone"));
        Incident other = new Incident(
                "2-v3", null, "v3", null, ReleaseOutcome.ROLLED_BACK, null, OPENED, OPENED, null, 1, null, List.of());

        assertThat(receiver.deliver(other).toString()).endsWith("/issues/2");

        assertThat(issues.get(0).path("body").asText()).contains("```text\n''' <! -- pratique-incident: 2-v3");
    }

    @Test
    void areChangedBetweenTheMarksOnly() throws Exception {
        receiver.deliver(incident(1, ReleaseOutcome.ROLLBACK_FAILED, "it is stuck"));
        ObjectNode issue = issues.get(0);
        issue.put("body", "ada: I look at it\n" + issue.path("body").asText() + "\n- [ ] mend it");

        receiver.deliver(incident(2, ReleaseOutcome.ROLLED_BACK, "it is stuck"));

        assertThat(issues).hasSize(1);
        assertThat(issue.path("body").asText())
                .startsWith("ada: I look at it\n")
                .endsWith("\n- [ ] mend it")
                .contains("ROLLED_BACK")
                .doesNotContain("ROLLBACK_FAILED");
    }

    @Test
    void areLeftAloneWhereSomebodyHasMovedTheMarks() throws Exception {
        issue("<!-- pratique-incident: 1-v2 --> all mine", OPENED);

        receiver.deliver(incident());

        assertThat(requests("GET")).isEqualTo(1);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void areRefusedWithoutTheToken() {
        server.answer(Answering.status(401, "{\"message\":\"Bad credentials: ghp_secret123\"}"));

        assertThatThrownBy(() -> receiver.deliver(incident()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("status 401")
                .hasMessageContaining("Bad credentials: ***")
                .hasMessageNotContaining("ghp_secret123");
    }

    @Test
    void areQueuedWhereItWasTooMuch() {
        server.answer((request, exchange) -> {
            exchange.getResponseHeaders().add("Retry-After", "60");
            Answering.send(exchange, 403, "slow down");
        });

        assertThatThrownBy(() -> receiver.deliver(incident()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(RefusedException.class);
    }

    @Test
    void areOfARepository() {
        assertThatThrownBy(() -> GitHubIssues.of("acme", () -> "")).hasMessageContaining("\"acme\"");
        assertThatThrownBy(() -> GitHubIssues.of("acme/..", () -> "")).hasMessageContaining("\"acme/..\"");
        assertThatThrownBy(() -> receiver.url(URI.create("ftp://host"))).hasMessageContaining("http://");
        assertThatThrownBy(() -> receiver.labels(" ")).isInstanceOf(IllegalArgumentException.class);
    }
}
