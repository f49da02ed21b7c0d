package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A secret in GCP Secret Manager, by its REST API. */
final class GcpSecret implements SecretPlace {

    private static final Pattern PROJECT = Pattern.compile("(?:[a-z0-9.-]+:)?[a-z0-9][a-z0-9-]{0,61}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    private static final Pattern VALUE = Pattern.compile("\"payload\"\\s*:\\s*\\{[^}]*\"data\"\\s*:\\s*\"[^\"]");

    /** The version is disabled or destroyed; any other bad request is our own fault. */
    private static final Pattern NOT_ENABLED = Pattern.compile("\"status\"\\s*:\\s*\"FAILED_PRECONDITION\"");

    private final URI secret;
    private final KeeperCalls calls;

    private GcpSecret(URI secret, KeeperCalls calls) {
        this.secret = secret;
        this.calls = calls;
    }

    static GcpSecret of(String project, String secret, Supplier<String> tokens) {
        if (project == null || !PROJECT.matcher(project).matches()) {
            throw Arguments.refused(
                    "The project of a SecretsProbe", "must be an id or a number", project, "look at the console");
        }
        if (secret == null || !SECRET.matcher(secret).matches()) {
            throw Arguments.refused(
                    "The secret of a SecretsProbe",
                    "must have 1 to 255 letters, digits, hyphens and underscores",
                    secret,
                    "give its id alone");
        }
        return of(
                URI.create("https://secretmanager.googleapis.com/v1/projects/" + project + "/secrets/" + secret),
                tokens);
    }

    static GcpSecret of(URI secret, Supplier<String> tokens) {
        return new GcpSecret(
                Arguments.http("The secret of a SecretsProbe", secret), new KeeperCalls("Secret Manager", tokens));
    }

    @Override
    public boolean isPaid() {
        return true;
    }

    @Override
    public ProbeResult look(Duration timeout) throws InterruptedException {
        return calls.ask(
                URI.create(Arguments.shown(secret) + "/versions/latest:access"),
                "Authorization",
                "Bearer ",
                timeout,
                this::read);
    }

    private ProbeResult read(int status, CharSequence body) {
        return switch (status) {
            case 200 -> {
                if (!VALUE.matcher(body).find()) {
                    throw calls.malformed(status);
                }
                yield ProbeResult.up();
            }
            case 400 -> {
                if (!NOT_ENABLED.matcher(body).find()) {
                    throw calls.malformed(status);
                }
                yield ProbeResult.down("the latest version of " + secret.getPath() + " is disabled or destroyed");
            }
            case 403 -> ProbeResult.down("403: access to " + secret.getPath() + " denied");
            case 404 -> ProbeResult.down("404: no secret " + secret.getPath() + ", or no version of it");
            case 429 -> ProbeResult.saturated("429: Secret Manager throttles requests");
            default -> {
                if (status < 500) {
                    throw calls.malformed(status);
                }
                yield ProbeResult.down(status + " from Secret Manager");
            }
        };
    }

    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return calls.classify(failure);
    }

    @Override
    public String toString() {
        return "secret " + Arguments.shown(secret);
    }
}
