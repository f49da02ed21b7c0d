package io.pratique.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.incidents.GitHubIssues;
import io.pratique.release.incidents.Incidents;
import io.pratique.release.incidents.JsonWebhook;
import io.pratique.release.incidents.PagerDutyEvents;
import io.pratique.release.incidents.SlackWebhook;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;

/** Who is told of incidents, by a plan's file. It holds no secret, but names the variables that do. */
final class PlanIncidents {

    private final PlanObject told;

    /**
     * Reads who is told.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    PlanIncidents(JsonNode node) {
        this.told = new PlanObject("the incidents", node, Set.of("service", "github", "slack", "pagerduty", "webhook"));
        // What is wrong is told before a release begins, and not when something has gone wrong already.
        Incidents unused = in(Path.of(""));
    }

    /** The incidents of a directory, with all who are told of them. */
    Incidents in(Path directory) {
        Incidents incidents = Incidents.in(directory);
        String service = told.textIfAny("service");
        incidents = service == null ? incidents : incidents.service(service);
        if (told.has("github")) {
            incidents = incidents.receiver("github", github());
        }
        if (told.has("slack")) {
            incidents = incidents.receiver("slack", SlackWebhook.of(secret("slack", told.text("slack"))));
        }
        if (told.has("pagerduty")) {
            incidents =
                    incidents.receiver("pagerduty", PagerDutyEvents.of(secret("pagerduty", told.text("pagerduty"))));
        }
        return told.has("webhook")
                ? incidents.receiver("webhook", JsonWebhook.of(secret("webhook", told.text("webhook"))))
                : incidents;
    }

    private GitHubIssues github() {
        PlanObject github =
                new PlanObject("\"github\" of the incidents", told.get("github"), Set.of("repository", "token", "url"));
        GitHubIssues issues = GitHubIssues.of(github.text("repository"), secret("token", github.text("token")));
        String url = github.textIfAny("url");
        return url == null ? issues : issues.url(url(url));
    }

    private static URI url(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            // The message would show it, and what somebody took for a place of the token.
            throw new IllegalArgumentException(
                    "\"url\" of \"github\" must be a URL such as https://github.example.com/api/v3");
        }
    }

    private static Supplier<String> secret(String key, String variable) {
        if (variable.isBlank() || !variable.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            // It may be the secret itself.
            throw new IllegalArgumentException(
                    "\"" + key + "\" of the incidents must name a variable of the environment that holds it,"
                            + " such as SLACK_WEBHOOK_URL");
        }
        return () -> {
            String value = System.getenv(variable);
            if (value == null) {
                throw new IllegalStateException(FlagText.printable(variable, 100) + " is not set");
            }
            return value;
        };
    }
}
