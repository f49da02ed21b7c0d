package io.pratique.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
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
    private URI url;

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

    @Override
    public Integer call() {
        HttpResponse<byte[]> response = ask(target());
        String body = new String(response.body(), 0, Math.min(LIMIT, response.body().length), StandardCharsets.UTF_8);
        JsonNode health = parse(body);
        if (health == null || !health.path("status").isTextual()) {
            throw new UnreachableException(
                    target() + " answers with status " + response.statusCode()
                            + " and no health report; give the URL of /health",
                    new IOException("no health report"));
        }
        spec.commandLine().getOut().println(format == Format.JSON ? health.toPrettyString() : text(health));
        return response.statusCode() < 400 ? ExitCode.OK : ExitCode.NO;
    }

    private URI target() {
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(
                    "the URL of a health endpoint must begin with http:// or https:// and a host," + " but is \""
                            + FlagText.printable(url.toString(), 100) + "\"");
        }
        return url.getPath().isEmpty() || url.getPath().equals("/") ? url.resolve("/health") : url;
    }

    private HttpResponse<byte[]> ask(URI target) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(timeout);
        String token = System.getenv("PRATIQUE_TOKEN");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UnreachableException(
                    target + " does not answer (" + FlagText.printable(e) + "); is the process up, and the port right?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while " + target + " was being asked", e);
        }
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
