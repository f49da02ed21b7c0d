package io.pratique.release.checks;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import io.pratique.release.io.HttpAnswer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a URL answers with status 200 and, if told, with the version that is to be there. Immutable.
 *
 * <pre>{@code
 * Step.check("backend", Attempts.of(HttpCheck.of(URI.create("http://localhost:8080/health")).version("/version")))
 * }</pre>
 */
public final class HttpCheck implements StepAction {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(5);
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
        return new HttpCheck(HttpAnswer.requireUrl("URL of a check", url), null, USUAL_TIMEOUT);
    }

    /**
     * The same check that also wants a version: the one that is released; the one before it, once the release is being
     * undone, or any other if none before is known.
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
        return new HttpCheck(url, version, requireTimeout(timeout));
    }

    static Duration requireTimeout(Duration timeout) {
        if (timeout == null || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout of a check must be positive, but is \"" + timeout + "\"");
        }
        return timeout;
    }

    @Override
    public void run(StepContext context) throws IOException, InterruptedException {
        HttpAnswer answer = HttpAnswer.get(url, timeout);
        if (answer.status() != 200) {
            throw new IOException(HttpAnswer.shown(url) + " answers with status " + answer.status() + ": "
                    + FlagText.printable(answer.body(), 200));
        }
        if (version != null) {
            requireVersion(context, found(answer.body(), version));
        }
        context.tell(HttpAnswer.shown(url) + " answers");
    }

    private @Nullable String found(String body, JsonPointer pointer) throws IOException {
        try {
            JsonNode at = JSON.readTree(body).at(pointer);
            return at.isValueNode() && !at.isNull() ? at.asText() : null;
        } catch (JsonProcessingException e) {
            throw new IOException(HttpAnswer.shown(url) + " answers with no JSON, so it tells no version", e);
        }
    }

    private void requireVersion(StepContext context, @Nullable String found) throws IOException {
        String wanted = context.reason() == null ? context.version() : context.previousVersion();
        boolean right = wanted == null ? found != null && !found.equals(context.version()) : wanted.equals(found);
        if (!right) {
            throw new IOException(HttpAnswer.shown(url) + " is of version "
                    + (found == null ? "that it does not tell" : "\"" + FlagText.printable(found, 100) + "\"")
                    + ", not "
                    + (wanted == null ? "of the one before" : "\"" + FlagText.printable(wanted, 100) + "\"")
                    + "; has it been started again?");
        }
    }
}
