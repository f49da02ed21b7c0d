package io.pratique.release.incidents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes an issue on GitHub of each incident, by its REST API. The issue carries a mark in its body, by which it is found
 * again among those that were made since the incident was opened, open or closed: so there is one, also if an answer was
 * lost, and an incident that has changed is changed there, between the marks. Immutable.
 */
public final class GitHubIssues implements IncidentReceiver {

    private static final Pattern REPOSITORY =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,99}/(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}");
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);
    private static final int PAGE = 100;
    private static final int MOST_PAGES = 50;

    private final String repository;
    private final Supplier<String> token;
    private final URI api;
    private final List<String> labels;

    private GitHubIssues(String repository, Supplier<String> token, URI api, List<String> labels) {
        this.repository = repository;
        this.token = token;
        this.api = api;
        this.labels = labels;
    }

    /**
     * The issues of a repository.
     *
     * @param repository its owner and its name, such as {@code acme/worker}
     * @param token asked for with each delivery; it must be allowed to read and write issues
     * @return a receiver
     * @throws IllegalArgumentException if the repository is none, or the supplier is null
     */
    public static GitHubIssues of(String repository, Supplier<String> token) {
        if (repository == null || !REPOSITORY.matcher(repository).matches()) {
            throw new IllegalArgumentException("repository on GitHub must be an owner and a name, but is "
                    + (repository == null ? "null" : "\"" + FlagText.printable(repository, 100) + "\"")
                    + "; write it as acme/worker");
        }
        return new GitHubIssues(
                repository, Secret.supplier("token of GitHub", token), URI.create("https://api.github.com"), List.of());
    }

    /**
     * The same with the API elsewhere.
     *
     * @param api without a slash at its end; {@code https://api.github.com} unless set
     * @return a new receiver
     * @throws IllegalArgumentException if it is no URL
     */
    public GitHubIssues url(URI api) {
        return new GitHubIssues(repository, token, HttpCall.requireUrl("GitHub", api), labels);
    }

    /**
     * The same with labels for new issues.
     *
     * @param labels none unless set
     * @return a new receiver
     * @throws IllegalArgumentException if one is blank
     */
    public GitHubIssues labels(String... labels) {
        for (String label : labels) {
            if (label.isBlank()) {
                throw new IllegalArgumentException("label of an issue must not be blank; leave it out");
            }
        }
        return new GitHubIssues(repository, token, api, List.of(labels));
    }

    @Override
    public @Nullable URI deliver(Incident incident) throws IOException, InterruptedException {
        Talk talk = new Talk(Secret.from("token of GitHub", token));
        JsonNode known = talk.find(incident);
        if (known == null && !incident.isOpen()) {
            return null;
        }
        JsonNode issue = known == null ? talk.create(incident) : talk.update(known, incident);
        String link = issue.path("html_url").textValue();
        return link == null ? null : URI.create(link);
    }

    private static String begin(Incident incident) {
        return "<!-- pratique-incident: " + incident.key() + " -->";
    }

    private static String end(Incident incident) {
        return "<!-- end of pratique-incident: " + incident.key() + " -->";
    }

    private static String body(Incident incident) {
        return begin(incident) + "\n" + IncidentText.markdown(incident) + end(incident);
    }

    /** What is asked for one delivery. */
    private final class Talk {

        private final HttpCall call;
        private final Secret secret;

        Talk(Secret secret) {
            this.call = new HttpCall("GitHub", secret);
            this.secret = secret;
        }

        private JsonNode send(String method, String path, @Nullable ObjectNode body)
                throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpCall.to(api + "/repos/" + repository + "/issues" + path)
                    .header("Authorization", "Bearer " + secret.value())
                    .header("Accept", "application/vnd.github+json")
                    .header("X-GitHub-Api-Version", "2022-11-28");
            byte[] bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
            return call.send(method, request, bytes, REQUEST);
        }

        /**
         * The newest come first, so those that cannot be it are the end. GitHub's search would know it only after a while. Of
         * several with the mark, it is the one that was found before, or else the oldest: anybody can write the mark after it.
         */
        @Nullable JsonNode find(Incident incident) throws IOException, InterruptedException {
            Instant earliest = incident.openedAt().minus(CLOCKS_DIFFER);
            @Nullable JsonNode oldest = null;
            for (int page = 1; page <= MOST_PAGES; page++) {
                JsonNode issues =
                        send("GET", "?state=all&sort=created&direction=desc&per_page=" + PAGE + "&page=" + page, null);
                if (!issues.isArray()) {
                    throw new IOException("GitHub answers with no list of issues");
                }
                for (JsonNode issue : issues) {
                    if (isBefore(issue, earliest)) {
                        return oldest;
                    }
                    if (issue.path("body").asText().contains(begin(incident)) && !issue.has("pull_request")) {
                        if (isLinked(incident, issue)) {
                            return issue;
                        }
                        oldest = issue;
                    }
                }
                if (issues.size() < PAGE) {
                    return oldest;
                }
            }
            throw new IOException("GitHub has more than " + MOST_PAGES * PAGE
                    + " issues since the incident was opened, so nobody can tell whether there is one for it");
        }

        /** Whether it was made, or found, before. */
        private static boolean isLinked(Incident incident, JsonNode issue) {
            String link = issue.path("html_url").asText();
            return incident.deliveries().stream()
                    .anyMatch(each ->
                            each.link() != null && each.link().toString().equals(link));
        }

        private static boolean isBefore(JsonNode issue, Instant earliest) {
            try {
                return Instant.parse(issue.path("created_at").asText()).isBefore(earliest);
            } catch (DateTimeException e) {
                return false;
            }
        }

        JsonNode create(Incident incident) throws IOException, InterruptedException {
            ObjectNode issue = IncidentJson.JSON
                    .createObjectNode()
                    .put("title", IncidentText.name(incident))
                    .put("body", body(incident));
            if (!labels.isEmpty()) {
                labels.forEach(issue.putArray("labels")::add);
            }
            return send("POST", "", issue);
        }

        /**
         * What people have written around the marks stays, and so does a body whose marks they have moved. An issue is
         * closed with its incident and, unless its marks were moved, opened again with it. While the incident is open,
         * people may close it.
         */
        JsonNode update(JsonNode issue, Incident incident) throws IOException, InterruptedException {
            String text = issue.path("body").asText();
            int from = text.indexOf(begin(incident));
            int to = text.indexOf(end(incident), from);
            String changed = to < 0
                    ? text
                    : text.substring(0, from)
                            + body(incident)
                            + text.substring(to + end(incident).length());
            ObjectNode news = IncidentJson.JSON.createObjectNode();
            if (!changed.equals(text)) {
                news.put("body", changed);
            }
            boolean wasClosedHere = to >= 0 && IncidentText.isClosed(text.substring(from, to));
            String state = issue.path("state").asText();
            if (!incident.isOpen() && !state.equals("closed")) {
                news.put("state", "closed").put("state_reason", "completed");
            } else if (incident.isOpen() && wasClosedHere && !state.equals("open")) {
                news.put("state", "open");
            }
            int number = issue.path("number").asInt(-1);
            return news.isEmpty() || number < 0 ? issue : send("PATCH", "/" + number, news);
        }
    }
}
