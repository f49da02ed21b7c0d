package io.pratique.release.io;

import io.pratique.flags.spi.FlagText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a URL has answered. No redirect is followed, so that nothing that was sent gets elsewhere.
 *
 * @param status such as 200
 * @param headers of the answer
 * @param body its first bytes, up to the limit that was given, as UTF-8
 * @param cut whether there were more
 */
public record HttpAnswer(int status, HttpHeaders headers, String body, boolean cut) {

    private static final int USUAL_LIMIT = 1 << 20;
    private static final int SHOWN_PATH = 100;

    /** Made with the first request: a client brings a thread, and cannot be closed before Java 21, so all share one. */
    private static final class Shared {

        static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * Gets a megabyte at most.
     *
     * @throws IOException if there is no answer in that time; it names the URL as {@link #shown} does
     */
    public static HttpAnswer get(URI url, Duration timeout) throws IOException, InterruptedException {
        try {
            return of(HttpRequest.newBuilder(url).build(), timeout, USUAL_LIMIT);
        } catch (IOException e) {
            throw new IOException(shown(url) + " does not answer: " + FlagText.printable(e), e);
        }
    }

    /**
     * Sends a request. The timeout is for all of the answer, while that of the JDK's client ends with the first line of it;
     * and an interrupt ends the waiting, which a stream that is read heeds only since Java 20.
     *
     * @param limit how many bytes of the body are kept; what comes after them is read and dropped
     * @throws IOException if there is no whole answer in that time; it names no URL, which may be secret
     */
    public static HttpAnswer of(HttpRequest request, Duration timeout, int limit)
            throws IOException, InterruptedException {
        Body body = new Body(limit);
        CompletableFuture<HttpResponse<Void>> answering = Shared.CLIENT.sendAsync(
                request, HttpResponse.BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(body::take)));
        try {
            HttpResponse<Void> answer = answering.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
            return new HttpAnswer(answer.statusCode(), answer.headers(), body.text(), body.cut);
        } catch (ExecutionException e) {
            Throwable thrown = Objects.requireNonNullElse(e.getCause(), e);
            throw thrown instanceof IOException failure ? failure : new IOException(FlagText.printable(thrown), thrown);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer within " + timeout);
        } finally {
            boolean unused = answering.cancel(true);
        }
    }

    /** What is kept of an answer. For the client's thread, and for the one that asks once the answer is whole. */
    private static final class Body {

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final int limit;
        private boolean cut;

        Body(int limit) {
            this.limit = limit;
        }

        void take(byte[] bytes) {
            int room = limit - kept.size();
            kept.write(bytes, 0, Math.min(bytes.length, room));
            cut |= bytes.length > room;
        }

        String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }

    /** Whether a URL can be asked. */
    public static boolean isUrl(@Nullable URI url) {
        return url != null
                && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getHost() != null
                && url.getPort() < 1 << 16;
    }

    /**
     * The same URL, if it can be asked. It is not shown, for it may hold a password.
     *
     * @param what such as "URL of a check"
     * @throws IllegalArgumentException if it cannot
     */
    public static URI requireUrl(String what, @Nullable URI url) {
        if (url == null || !isUrl(url)) {
            throw new IllegalArgumentException(
                    what + " must begin with http:// or https:// and a host, such as http://localhost:8080/health");
        }
        return url;
    }

    /** A URL without user, password and query. */
    public static String shown(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + FlagText.printable(url.getRawPath() == null ? "" : url.getRawPath(), SHOWN_PATH);
    }
}
