package io.pratique.health;

import java.util.HashMap;
import java.util.Map;

/**
 * The answer to one request, for whatever server sends it.
 *
 * @param status the HTTP status code
 * @param contentType the value of {@code Content-Type}, with the character set
 * @param body the text to send, in UTF-8; empty for a {@code HEAD} request
 * @param headers the headers to send besides: {@code Cache-Control}, {@code X-Content-Type-Options}, and where they
 *     apply {@code Allow}, {@code WWW-Authenticate} and {@code Retry-After}
 */
public record HealthResponse(int status, String contentType, String body, Map<String, String> headers) {

    private static final Map<String, String> COMMON =
            Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

    /**
     * Copies the headers.
     *
     * @param status the HTTP status code
     * @param contentType the value of {@code Content-Type}
     * @param body the text to send
     * @param headers the headers to send besides
     */
    public HealthResponse {
        headers = Map.copyOf(headers);
    }

    static HealthResponse json(int status, String body) {
        return new HealthResponse(status, "application/json; charset=utf-8", body, COMMON);
    }

    /** In the text format of Prometheus, which OpenMetrics scrapers read too. */
    static HealthResponse metrics(String body) {
        return new HealthResponse(200, "text/plain; version=0.0.4; charset=utf-8", body, COMMON);
    }

    /** One line for people. */
    static HealthResponse text(int status, String line) {
        return new HealthResponse(status, "text/plain; charset=utf-8", line + "\n", COMMON);
    }

    HealthResponse header(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new HealthResponse(status, contentType, body, more);
    }

    HealthResponse withoutBody() {
        return new HealthResponse(status, contentType, "", headers);
    }
}
