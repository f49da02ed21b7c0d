package io.pratique.release.checks;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a URL answers with status 200 and, if told, with the version that is released. Immutable.
 *
 * <pre>{@code
 * Step.check("backend", Attempts.of(HttpCheck.of(URI.create("http://localhost:8080/health")).version("/version")))
 * }</pre>
 */
public final class HttpCheck implements StepAction {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(5);
    private static final int LIMIT = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI url;
    private final @Nullable JsonPointer version;
    private final Duration timeout;

    private HttpCheck(URI url, @Nullable JsonPointer version, Duration timeout) {
        this.url = url;
        this.version = version;
        this.timeout = timeout;
    }

    /**
     * A check of one URL.
     *
     * @param url beginning with {@code http://} or {@code https://}; what is between {@code //} and {@code @} is not shown
     * @return the check
     * @throws IllegalArgumentException if it is null or another kind of URL
     */
    public static HttpCheck of(URI url) {
        if (url == null
                || url.getHost() == null
                || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(
                    "URL of a check must begin with http:// or https:// and a host, such as http://localhost:8080/health");
        }
        return new HttpCheck(url, null, USUAL_TIMEOUT);
    }

    /**
     * The same check that also wants the version that is released.
     *
     * @param pointer where it stands in the answer's JSON, by RFC 6901, such as {@code /version}
     * @return a new check
     * @throws IllegalArgumentException if it is no pointer
     */
    public HttpCheck version(String pointer) {
        return new HttpCheck(url, JsonPointer.compile(pointer), timeout);
    }

    /**
     * The same check with another limit to the time for an answer.
     *
     * @param timeout five seconds unless set
     * @return a new check
     * @throws IllegalArgumentException if it is null or not positive
     */
    public HttpCheck timeout(Duration timeout) {
        if (timeout == null || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout of a check must be positive, but is \"" + timeout + "\"");
        }
        return new HttpCheck(url, version, timeout);
    }

    @Override
    public void run(StepContext context) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .build()
                .send(HttpRequest.newBuilder(url).timeout(timeout).build(), HttpResponse.BodyHandlers.ofInputStream());
        String body;
        try (InputStream in = response.body()) {
            body = new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8);
        }
        if (response.statusCode() != 200) {
            throw new IOException(
                    shown() + " answers with status " + response.statusCode() + ": " + FlagText.printable(body, 200));
        }
        if (version != null) {
            requireVersion(context.version(), body, version);
        }
        context.tell(shown() + " answers");
    }

    private void requireVersion(String wanted, String body, JsonPointer pointer) throws IOException {
        String found;
        try {
            JsonNode at = JSON.readTree(body).at(pointer);
            found = at.isValueNode() && !at.isNull() ? at.asText() : null;
        } catch (JsonProcessingException e) {
            throw new IOException(shown() + " answers with no JSON, so it tells no version", e);
        }
        if (!wanted.equals(found)) {
            throw new IOException(shown() + " is of version "
                    + (found == null ? "that it does not tell" : "\"" + FlagText.printable(found, 100) + "\"")
                    + ", not \""
                    + wanted + "\"; has it been started again?");
        }
    }

    /** Without user and password. */
    private String shown() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + FlagText.printable(url.getRawPath() == null ? "" : url.getRawPath(), 100);
    }
}
