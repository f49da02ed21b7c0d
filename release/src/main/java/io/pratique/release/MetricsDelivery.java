package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.io.HttpAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Takes the text of metrics to where Prometheus finds it. */
final class MetricsDelivery {

    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final int LIMIT = 1 << 16;

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
                || !HttpAnswer.isUrl(gateway)
                || gateway.getRawUserInfo() != null
                || gateway.getRawQuery() != null) {
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
        HttpAnswer answer;
        try {
            answer = HttpAnswer.of(request, timeout, LIMIT);
        } catch (IOException e) {
            throw new IOException(
                    "the Pushgateway " + group.getAuthority() + " does not answer: " + FlagText.printable(e), e);
        }
        if (answer.status() / 100 != 2) {
            throw new IOException("the Pushgateway " + group.getAuthority() + " answers with status " + answer.status()
                    + ": " + FlagText.printable(answer.body(), 200));
        }
    }
}
