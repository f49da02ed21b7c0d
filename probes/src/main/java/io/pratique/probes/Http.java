package io.pratique.probes;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One HTTP exchange, bounded in time and in size from the first packet to the last, and not redirected. */
final class Http {

    private Http() {}

    /** Made with the first request: a client brings a thread, and cannot be closed before Java 21, so all share one. */
    private static final class Shared {

        static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param timeout for all of it, the body included
     * @param limit how many bytes of the body are kept; of one that is longer the rest is not read
     * @return the answer; its body is for the caller to wipe where it may hold a secret
     * @throws HttpTimeoutException if the answer was not complete in time
     */
    static HttpResponse<byte[]> send(HttpRequest.Builder request, Duration timeout, int limit)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                Shared.CLIENT.sendAsync(request.timeout(timeout).build(), response -> new FirstBytes(limit));
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNull(e.getCause()));
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no complete answer within " + Timeouts.shown(timeout));
        } finally {
            // Ends the exchange, if it has not ended; the connection goes with it.
            boolean unused = answer.cancel(true);
        }
    }

    private static IOException failure(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    /** Keeps the beginning of a body and reads no further. */
    private static final class FirstBytes implements BodySubscriber<byte[]> {

        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final byte[] kept;
        private int length;
        private Flow.@Nullable Subscription subscription;

        FirstBytes(int limit) {
            kept = new byte[limit];
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> pieces) {
            for (ByteBuffer piece : pieces) {
                int taken = Math.min(piece.remaining(), kept.length - length);
                piece.get(kept, length, taken);
                length += taken;
                if (piece.hasRemaining()) {
                    Objects.requireNonNull(subscription).cancel();
                    onComplete();
                    return;
                }
            }
        }

        @Override
        public void onError(Throwable thrown) {
            wipe();
            body.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            if (!body.isDone()) {
                byte[] copy = Arrays.copyOf(kept, length);
                wipe();
                body.complete(copy);
            }
        }

        private void wipe() {
            Arrays.fill(kept, (byte) 0);
        }
    }
}
