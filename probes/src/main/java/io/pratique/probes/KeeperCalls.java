package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a keeper of secrets is asked over HTTP: with a token that is shown nowhere, and answers that are wiped. */
final class KeeperCalls {

    /** A secret of 64 KiB in Base64, and what is around it. */
    private static final int LARGEST_ANSWER = 128 * 1024;

    /** Anything else cannot be sent, and the JDK would say so in a message with the token in it. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16384}");

    private final String keeper;
    private final Supplier<String> tokens;

    /**
     * How to ask.
     *
     * @param keeper its name, for messages
     */
    KeeperCalls(String keeper, Supplier<String> tokens) {
        this.keeper = keeper;
        this.tokens = Arguments.required("The token supplier of a SecretsProbe", tokens);
    }

    /** Makes of an answer what is to be said of it, before it is wiped. */
    @FunctionalInterface
    interface Reader {

        ProbeResult read(int status, CharSequence body);
    }

    /** Without a token. */
    ProbeResult ask(URI uri, Duration timeout, Reader reader) throws InterruptedException {
        return send(HttpRequest.newBuilder(uri), timeout, reader);
    }

    /** With a token in a header. */
    ProbeResult ask(URI uri, String header, String prefix, Duration timeout, Reader reader)
            throws InterruptedException {
        return send(HttpRequest.newBuilder(uri).header(header, prefix + token()), timeout, reader);
    }

    private ProbeResult send(HttpRequest.Builder request, Duration timeout, Reader reader) throws InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = Http.send(request, timeout, LARGEST_ANSWER);
        } catch (IOException failure) {
            ProbeResult evidence = classify(failure);
            if (evidence == null) {
                throw Unusable.because(keeper, failure, null);
            }
            return evidence;
        }
        try {
            return reader.read(response.statusCode(), new Body(response.body()));
        } finally {
            Arrays.fill(response.body(), (byte) 0);
        }
    }

    private String token() {
        String token;
        try {
            token = tokens.get();
        } catch (RuntimeException failure) {
            throw new IllegalStateException("the token supplier for " + keeper + " threw a "
                    + failure.getClass().getSimpleName());
        }
        if (token == null || !TOKEN.matcher(token).matches()) {
            throw new IllegalStateException(
                    "the token supplier for " + keeper + " gave nothing that can be sent as a token");
        }
        return token;
    }

    @Nullable ProbeResult classify(Throwable failure) {
        return Silence.of(keeper, failure, thrown -> thrown instanceof HttpTimeoutException);
    }

    /** An answer that is none of those documented, or holds nothing of what it should. */
    IllegalStateException malformed(int status) {
        return new IllegalStateException("no usable answer from " + keeper + " (status " + status + ")");
    }

    /** Bytes as a pattern sees them; nothing of them is copied. */
    private static final class Body implements CharSequence {

        private final byte[] bytes;

        Body(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int length() {
            return bytes.length;
        }

        @Override
        public char charAt(int index) {
            return (char) (bytes[index] & 0xff);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return bytes.length + " bytes";
        }
    }
}
