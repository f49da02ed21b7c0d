package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a URL has answered.
 *
 * @param body its first megabyte
 */
record HttpAnswer(int status, String body) {

    private static final int LIMIT = 1 << 20;

    /** Asks. The timeout is for all of the answer: that of the JDK's client ends with the first line of it. */
    static HttpAnswer of(HttpClient client, URI url, Duration timeout) throws IOException, InterruptedException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Void>> answering = client.sendAsync(
                HttpRequest.newBuilder(url).timeout(timeout).build(),
                HttpResponse.BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> {
                    if (kept.size() < LIMIT) {
                        kept.writeBytes(bytes);
                    }
                })));
        try {
            int status = answering
                    .get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)
                    .statusCode();
            return new HttpAnswer(status, kept.toString(StandardCharsets.UTF_8));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(shown(url) + " cannot be asked: " + FlagText.printable(e), e);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException(shown(url) + " does not answer within " + timeout);
        } finally {
            answering.cancel(true);
        }
    }

    /** The same URL, if it can be asked. */
    static URI requireHttp(URI url) {
        if (url == null
                || url.getHost() == null
                || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(
                    "URL of a check must begin with http:// or https:// and a host, such as http://localhost:8080/health");
        }
        return url;
    }

    /** A URL without user, password and query. */
    static String shown(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + FlagText.printable(url.getRawPath() == null ? "" : url.getRawPath(), 100);
    }
}
