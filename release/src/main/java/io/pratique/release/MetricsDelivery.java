package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Takes the text of metrics to where Prometheus finds it. */
final class MetricsDelivery {

    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private MetricsDelivery() {}

    /** Writes a file that nobody sees half of. The draft's name does not end like the names of files that are collected. */
    static void write(Path file, String text) throws IOException {
        Path target = file.toAbsolutePath();
        Path draft = Files.createTempFile(target.getParent(), "." + target.getFileName() + ".", ".new");
        try {
            Files.writeString(draft, text);
            PosixFileAttributeView view = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
            if (view != null) {
                view.setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Where the metrics of a job, and of a service if it has a name, are pushed to. */
    static URI group(@Nullable URI gateway, String job, @Nullable String service) {
        if (gateway == null
                || gateway.getHost() == null
                || gateway.getUserInfo() != null
                || gateway.getQuery() != null
                || !("http".equals(gateway.getScheme()) || "https".equals(gateway.getScheme()))) {
            throw new IllegalArgumentException("URL of the Pushgateway must begin with http:// or https:// and a host,"
                    + " without user and query, such as http://localhost:9091");
        }
        String base = gateway.toString().replaceFirst("#.*", "").replaceFirst("/+$", "");
        return URI.create(base + "/metrics" + part("job", job) + (service == null ? "" : part("service", service)));
    }

    /** A slash would end the value. */
    private static String part(String label, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return value.contains("/")
                ? "/" + label + "@base64/"
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
                : "/" + label + "/"
                        + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Replaces what was pushed to the same place before. */
    static void push(URI group, String text, Duration timeout) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(group)
                .header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .PUT(HttpRequest.BodyPublishers.ofString(text))
                .build();
        HttpResponse<String> response = answer(request, timeout);
        if (response.statusCode() / 100 != 2) {
            throw new IOException("the Pushgateway " + group.getAuthority() + " answers with status "
                    + response.statusCode() + ": " + FlagText.printable(response.body(), 200));
        }
    }

    /** The client's own limits end before the answer's body does. */
    private static HttpResponse<String> answer(HttpRequest request, Duration timeout)
            throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException(
                    "the Pushgateway " + request.uri().getAuthority() + " cannot be reached: "
                            + FlagText.printable(cause),
                    cause);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the Pushgateway " + request.uri().getAuthority() + " does not answer within " + timeout, e);
        } finally {
            boolean unused = answer.cancel(true);
        }
    }
}
