package io.pratique.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a process how it is. */
@Command(name = "health", description = "Asks a process how it is. Exit code 1 if it is not ready.")
final class HealthCommand implements Callable<Integer> {

    private static final int LIMIT = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            description = "Its health endpoint, such as http://localhost:8080/health; the path may be left out.")
    private String url = "";

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = LastingConverter.class,
            defaultValue = "5s",
            description = "How long to wait. Unless given, ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Option(names = "--format", defaultValue = "text", description = "text or json.")
    private Format format;

    @SuppressWarnings("NullAway.Init") // the parser of the command line sets what it is annotated with
    HealthCommand() {}

    private record Reply(int status, String body) {}

    @Override
    public Integer call() {
        URI target = target();
        Reply reply = ask(target);
        JsonNode health = parse(reply.body());
        boolean isReport = reply.status() == 200 || reply.status() == 503;
        if (!isReport || health == null || !health.path("status").isTextual()) {
            throw new UnreachableException(
                    shown(target) + " answers with status " + reply.status()
                            + " and no health report; give the URL of /health",
                    null);
        }
        spec.commandLine().getOut().println(format == Format.JSON ? health.toPrettyString() : text(health));
        // A report of details answers 200 before a process is ready, and while it drains.
        boolean ready = health.path("ready").asBoolean(true);
        return ready && reply.status() == 200 ? ExitCode.OK : ExitCode.NO;
    }

    /** Not by the parser of the command line, which would show it. */
    private URI parsed() {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the URL of a health endpoint cannot be taken apart; write it as"
                    + " http://localhost:8080/health");
        }
    }

    private URI target() {
        URI url = parsed();
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(
                    "the URL of a health endpoint must begin with http:// or https:// and a host, such as"
                            + " http://localhost:8080/health");
        }
        return url.getPath().isEmpty() || url.getPath().equals("/") ? url.resolve("/health") : url;
    }

    private Reply ask(URI target) {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest.Builder request = HttpRequest.newBuilder(target);
        String token = System.getenv("PRATIQUE_TOKEN");
        if (token != null) {
            if (token.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "PRATIQUE_TOKEN must not hold control characters; has it a line end too many?");
            }
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                    .thenApplyAsync(HealthCommand::read)
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UnreachableException(shown(target) + " does not answer within " + timeout, e);
        } catch (ExecutionException e) {
            throw new UnreachableException(
                    shown(target) + " does not answer (" + FlagText.printable(Objects.requireNonNull(e.getCause()))
                            + "); is the process up, and the port right?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while " + shown(target) + " was being asked", e);
        }
    }

    private static Reply read(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            return new Reply(response.statusCode(), new String(body.readNBytes(LIMIT), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without user and password. */
    private static String shown(URI target) {
        return target.getScheme() + "://" + target.getHost() + (target.getPort() < 0 ? "" : ":" + target.getPort())
                + FlagText.printable(target.getRawPath(), 100);
    }

    private static @Nullable JsonNode parse(String body) {
        try {
            return new ObjectMapper().readTree(body);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String text(JsonNode health) {
        StringBuilder text =
                new StringBuilder(shown(health.path("service"))).append(' ').append(shown(health.path("status")));
        for (Map.Entry<String, JsonNode> check : health.path("checks").properties()) {
            JsonNode of = check.getValue();
            text.append(System.lineSeparator())
                    .append("   - ")
                    .append(FlagText.printable(check.getKey(), 100))
                    .append(": ")
                    .append(shown(of.path("outcome")))
                    .append(of.path("critical").asBoolean() ? " (critical), " : ", ")
                    .append(shown(of.path("reason")))
                    .append(" since ")
                    .append(shown(of.path("since")));
            if (of.path("detail").isTextual()) {
                text.append(": ").append(shown(of.path("detail")));
            }
        }
        return text.toString();
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? "?" : FlagText.printable(node.asText(), 200);
    }
}
