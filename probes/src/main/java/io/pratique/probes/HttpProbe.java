package io.pratique.probes;

import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks an HTTP endpoint. Immutable; each setter gives a new probe.
 *
 * <pre>{@code
 * HttpProbe.of(URI.create("https://pay.example.org/health"))
 *         .headers(() -> Map.of("Authorization", "Bearer " + tokens.current()))
 *         .expect(200, 204)
 * }</pre>
 *
 * <p>An expected status, any of 200 to 299 unless set, is up. A server error (5xx) and what is not there (404, 410) are
 * down; 429 is saturated. A redirect, which is not followed, a missing right (401, 403, 407) and any other status say
 * that the question was wrong, and nothing of the service: the check is broken. A refused connection, an unknown host, no
 * complete answer in time, and a connection that is closed without one are down. A certificate that is not trusted
 * means a broken check, for the application may trust others than the JVM's default.
 *
 * <p>Of the body at most 64 KiB are read, and none of it is kept. Addresses are shown without their query.
 */
public final class HttpProbe implements Probe {

    private static final int BODY = 64 * 1024;

    private final URI uri;
    private final String method;
    private final Set<Integer> expected;
    private final Supplier<Map<String, String>> headers;
    private final Duration timeout;

    private HttpProbe(
            URI uri, String method, Set<Integer> expected, Supplier<Map<String, String>> headers, Duration timeout) {
        this.uri = uri;
        this.method = method;
        this.expected = expected;
        this.headers = headers;
        this.timeout = timeout;
    }

    /**
     * Asks with GET, expects any status from 200 to 299, and waits 1.5 seconds.
     *
     * @param uri an absolute http or https address without user and password
     * @return a probe
     * @throws IllegalArgumentException if it is null or anything else
     */
    public static HttpProbe of(URI uri) {
        return new HttpProbe(
                Arguments.http("The address of an HttpProbe", uri),
                "GET",
                IntStream.range(200, 300).boxed().collect(Collectors.toUnmodifiableSet()),
                Map::of,
                Timeouts.DEFAULT);
    }

    /**
     * Asks with HEAD, for which a server sends no body.
     *
     * @return a new probe
     */
    public HttpProbe head() {
        return new HttpProbe(uri, "HEAD", expected, headers, timeout);
    }

    /**
     * Which statuses are up, instead of 200 to 299.
     *
     * @param statuses at least one, each from 200 to 599
     * @return a new probe
     * @throws IllegalArgumentException if there is none, or another number
     */
    public HttpProbe expect(int... statuses) {
        if (statuses.length == 0) {
            throw Arguments.refused("The statuses that an HttpProbe expects", "must be given", "", "name at least one");
        }
        Set<Integer> given = IntStream.of(statuses)
                .mapToObj(status -> Arguments.within("A status that an HttpProbe expects", status, 200, 599))
                .collect(Collectors.toUnmodifiableSet());
        return new HttpProbe(uri, method, given, headers, timeout);
    }

    /**
     * What to send along, such as a token.
     *
     * @param headers asked before each check, on its thread; what it gives is not kept. If it throws, the check is broken
     * @return a new probe
     * @throws IllegalArgumentException if it is null
     */
    public HttpProbe headers(Supplier<Map<String, String>> headers) {
        Supplier<Map<String, String>> given = Arguments.required("The headers of an HttpProbe", headers);
        return new HttpProbe(uri, method, expected, given, timeout);
    }

    /**
     * How long the whole exchange may take.
     *
     * @param timeout from a millisecond to an hour
     * @return a new probe
     * @throws IllegalArgumentException if it is anything else
     */
    public HttpProbe timeout(Duration timeout) {
        return new HttpProbe(uri, method, expected, headers, Timeouts.require("HttpProbe", timeout));
    }

    @Override
    public ProbeResult check() throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody());
        headers.get().forEach((name, value) -> header(request, name, value));
        int status = Http.send(request, timeout, BODY).statusCode();
        if (expected.contains(status)) {
            return ProbeResult.up();
        }
        if (status >= 500 || status == 404 || status == 410) {
            return ProbeResult.down(this + " answers " + status);
        }
        if (status == 429) {
            return ProbeResult.saturated(this + " answers 429: too many requests");
        }
        throw new IOException(this + " answers " + status + ": " + remedy(status));
    }

    /** The client's own refusal would show the value. */
    private static void header(HttpRequest.Builder request, String name, String value) {
        try {
            request.setHeader(name, value);
        } catch (IllegalArgumentException | NullPointerException refused) {
            throw new IllegalStateException("the header \"" + name + "\" has no value that can be sent");
        }
    }

    private static String remedy(int status) {
        if (status < 400) {
            return "it redirects, which is not followed; give the address that it leads to";
        }
        return switch (status) {
            case 401, 407 -> "it wants to know who asks; send that with headers";
            case 403 -> "it does not let this probe in; grant it, or expect the status";
            default -> "neither expected nor evidence; correct the question, or expect the status";
        };
    }

    /**
     * No answer in time, and a connection that is closed without one; the rest is known of all probes. Other socket
     * exceptions tell of this process, such as of too many files that it holds open.
     */
    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        ProbeResult found = null;
        for (Throwable cause : Causes.of(failure)) {
            if (cause instanceof SSLException) {
                return null;
            }
            if (cause instanceof HttpTimeoutException) {
                found = ProbeResult.down(this + " gives no complete answer within " + Timeouts.shown(timeout));
            } else if (found == null && Silence.isHungUp(cause)) {
                found = ProbeResult.down(this + " hangs up without an answer");
            }
        }
        return found;
    }

    @Override
    public ProbeSettings settings() {
        return Timeouts.settings(timeout);
    }

    /** Method and address, without its query. */
    @Override
    public String toString() {
        return method + " " + Arguments.shown(uri);
    }
}
