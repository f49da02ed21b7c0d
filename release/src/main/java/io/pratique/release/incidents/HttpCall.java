package io.pratique.release.incidents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.pratique.flags.spi.FlagText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/**
 * A request to a receiver and what it answers. Neither what it throws nor what that shows of the answer holds a secret; so
 * it has no cause either. It is bounded in size here, and in time by whoever interrupts the thread.
 */
final class HttpCall {

    private static final int LIMIT = 1 << 24;
    private static final int SHOWN = 200;
    private static final Set<Integer> PASSING_CLIENT_ERRORS = Set.of(408, 425, 429);

    private final String receiver;
    private final Secret secret;

    /** Made with the first request: a client brings a thread, and cannot be closed before Java 21, so all share one. */
    private static final class Shared {

        static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    HttpCall(String receiver, Secret secret) {
        this.receiver = receiver;
        this.secret = secret;
    }

    /** Refuses what is no URL of a receiver, without showing it. */
    static URI requireUrl(String receiver, URI url) {
        if (url == null || !isUrl(url)) {
            throw new IllegalArgumentException("URL of " + receiver
                    + " must begin with http:// or https:// and a host, without user and password");
        }
        return url;
    }

    static boolean isUrl(URI url) {
        return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getHost() != null
                && url.getPort() < 1 << 16
                && url.getRawUserInfo() == null;
    }

    /** A request to a URL that was looked at before. */
    static HttpRequest.Builder to(String url) {
        return HttpRequest.newBuilder(URI.create(url));
    }

    /**
     * Sends JSON, and reads JSON.
     *
     * @return what was answered; missing if that is no JSON
     * @throws RefusedException if the receiver has refused it, and would again
     * @throws IOException if it has not answered, or cannot take it now
     */
    JsonNode send(String method, HttpRequest.Builder request, byte[] body, Duration timeout)
            throws IOException, InterruptedException {
        HttpRequest built = request.header("Content-Type", "application/json")
                .header("User-Agent", "pratique")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .timeout(timeout)
                .build();
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        HttpResponse<Void> answer;
        try {
            // Read by the client's thread: a stream read by this one heeds no interrupt before Java 20.
            answer = Shared.CLIENT.send(
                    built,
                    HttpResponse.BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(
                            bytes -> kept.write(bytes, 0, Math.min(bytes.length, LIMIT - kept.size())))));
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(receiver + " does not answer: " + shown(e.toString()));
        }
        String text = kept.toString(StandardCharsets.UTF_8);
        requireTaken(answer, text);
        try {
            return IncidentJson.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return IncidentJson.JSON.missingNode();
        }
    }

    private void requireTaken(HttpResponse<Void> answer, String text) throws IOException {
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return;
        }
        String said = receiver + " answers with status " + status + (text.isBlank() ? "" : ": " + shown(text));
        if (status >= 300 && status < 500 && !PASSING_CLIENT_ERRORS.contains(status) && !isTooMany(answer)) {
            throw new RefusedException(said);
        }
        throw new IOException(said);
    }

    /** Some say that it was too much with a status that else means never. */
    private static boolean isTooMany(HttpResponse<Void> answer) {
        return answer.headers().firstValue("Retry-After").isPresent()
                || answer.headers()
                        .firstValue("X-RateLimit-Remaining")
                        .filter("0"::equals)
                        .isPresent();
    }

    private String shown(String text) {
        return FlagText.printable(secret.hiddenIn(text).replaceAll("\\s+", " "), SHOWN);
    }
}
