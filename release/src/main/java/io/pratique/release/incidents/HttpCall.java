package io.pratique.release.incidents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.io.HttpAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Set;

/**
 * A request to a receiver and what it answers. Neither what it throws nor what that shows of the answer holds a secret; so
 * it has no cause either.
 */
final class HttpCall {

    private static final int LIMIT = 1 << 24;
    private static final int SHOWN = 200;
    private static final Set<Integer> PASSING_CLIENT_ERRORS = Set.of(408, 425, 429);

    private final String receiver;
    private final Secret secret;

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
        return HttpAnswer.isUrl(url) && url.getRawUserInfo() == null;
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
                .build();
        HttpAnswer answer;
        try {
            answer = HttpAnswer.of(built, timeout, LIMIT);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(receiver + " does not answer: " + shown(e.toString()));
        }
        requireTaken(answer);
        try {
            return IncidentJson.JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            return IncidentJson.JSON.missingNode();
        }
    }

    private void requireTaken(HttpAnswer answer) throws IOException {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return;
        }
        String said = receiver + " answers with status " + status
                + (answer.body().isBlank() ? "" : ": " + shown(answer.body()));
        if (status >= 300 && status < 500 && !PASSING_CLIENT_ERRORS.contains(status) && !isTooMany(answer)) {
            throw new RefusedException(said);
        }
        throw new IOException(said);
    }

    /** Some say that it was too much with a status that else means never. */
    private static boolean isTooMany(HttpAnswer answer) {
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
