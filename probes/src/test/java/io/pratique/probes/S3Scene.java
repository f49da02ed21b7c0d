package io.pratique.probes;

import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * A server that speaks S3's protocol, with one bucket and one object in it, stubs for what it does not say, and the
 * answers that the probes for both SDKs take alike.
 */
final class S3Scene implements AutoCloseable {

    static final String BUCKET = "artifacts";
    static final String SENTINEL = "team/pratique";
    static final String KEY = "AKIAEXAMPLE";
    static final String SECRET = "canary-of-s3";

    /** The first request of a cold client loads a thousand classes. */
    private static final Duration PATIENT = Duration.ofSeconds(8);

    private static final Duration IMPATIENT = Duration.ofMillis(300);

    /** Makes a probe with a client of its own for an address. */
    @FunctionalInterface
    interface Asking {

        /** With {@link #KEY} and a secret key, for a bucket and, unless it is null, for an object. */
        Probe at(URI endpoint, String secret, String bucket, String sentinel, Duration timeout);
    }

    private final S3Proxy server;
    private final Deque<Wire> wires = new ArrayDeque<>();

    S3Scene() throws Exception {
        BlobStore store = BlobStores.create("transient-nio2", new Properties());
        store.createContainer(BUCKET);
        store.putBlob(
                PutObjectRequest.builder()
                        .bucket(BUCKET)
                        .key(SENTINEL)
                        .contentLength(0L)
                        .build(),
                InputStream.nullInputStream());
        server = S3Proxy.builder()
                .blobStore(store)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
                .build();
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** A server that always answers that. */
    Wire wire(String answer) throws Exception {
        Wire wire = Wire.answering(answer);
        wires.add(wire);
        return wire;
    }

    Stream<AnswerTable.Case> answers(String probe, Asking asking) {
        return Stream.of(
                row(
                        probe,
                        "200: the bucket is there",
                        Outcome.UP,
                        () -> asking.at(uri(), SECRET, BUCKET, null, PATIENT)),
                row(
                        probe,
                        "200: the sentinel is there",
                        Outcome.UP,
                        () -> asking.at(uri(), SECRET, BUCKET, SENTINEL, PATIENT)),
                row(
                        probe,
                        "404: no such bucket",
                        Outcome.DOWN,
                        () -> asking.at(uri(), SECRET, "nowhere", null, PATIENT)),
                row(
                        probe,
                        "404: no sentinel, or no bucket around it",
                        Outcome.DOWN,
                        () -> asking.at(uri(), SECRET, BUCKET, "nothing", PATIENT)),
                row(
                        probe,
                        "403: access to the bucket denied; a key that S3 does not know looks the same",
                        Outcome.DOWN,
                        () -> asking.at(uri(), "wrong", BUCKET, null, PATIENT)),
                row(
                        probe,
                        "403: access to the sentinel denied, or it is missing and may not be listed",
                        Outcome.DOWN,
                        () -> asking.at(uri(), "wrong", BUCKET, SENTINEL, PATIENT)),
                row(
                        probe,
                        "301, 307: the bucket is in another region",
                        Outcome.DOWN,
                        stub(asking, Wire.answer("301 Moved Permanently", "", "x-amz-bucket-region: eu-west-1"))),
                row(
                        probe,
                        "400: the request is malformed, or its token has expired",
                        Outcome.BROKEN,
                        stub(asking, Wire.answer("400 Bad Request", ""))),
                row(probe, "429: throttled", Outcome.SATURATED, stub(asking, Wire.answer("429 Too Many Requests", ""))),
                row(probe, "503 Slow Down", Outcome.SATURATED, stub(asking, Wire.answer("503 Slow Down", ""))),
                row(
                        probe,
                        "500, 503 and all others of 5xx",
                        Outcome.DOWN,
                        stub(asking, Wire.answer("503 Service Unavailable", ""))),
                row(
                        probe,
                        "no answer in time",
                        Outcome.DOWN,
                        () -> asking.at(wire(Wire.SILENCE).uri(), SECRET, BUCKET, null, IMPATIENT)),
                row(probe, "hangs up without an answer", Outcome.DOWN, stub(asking, "")),
                row(
                        probe,
                        "connection refused, no such host",
                        Outcome.DOWN,
                        () -> asking.at(Wire.deserted(), SECRET, BUCKET, null, PATIENT)),
                row(probe, "an answer that is no HTTP", Outcome.BROKEN, stub(asking, "220 this is a mail server\r\n")));
    }

    private Callable<Probe> stub(Asking asking, String answer) {
        return () -> asking.at(wire(answer).uri(), SECRET, BUCKET, null, PATIENT);
    }

    private static AnswerTable.Case row(String probe, String answer, Outcome outcome, Callable<Probe> scene) {
        return new AnswerTable.Case(probe, answer, outcome, scene);
    }

    @Override
    public void close() throws Exception {
        wires.forEach(Wire::close);
        server.stop();
    }
}
