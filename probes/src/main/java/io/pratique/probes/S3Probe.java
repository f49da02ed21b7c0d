package io.pratique.probes;

import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Asks S3, or a server that speaks its protocol, for a bucket, through an application's client of AWS SDK v2:
 *
 * <pre>{@code
 * S3Probe.of(client, "artifacts")                               // HeadBucket, needs s3:ListBucket
 * S3Probe.of(client, "artifacts").sentinel("team/pratique")     // HeadObject, for rights to a prefix only
 * }</pre>
 *
 * <p>One request a check, without retries and within the timeout, whatever the client is set to; the client itself stays
 * as it is, and open. A missing bucket or sentinel, denied access, another region, a server error and silence are DOWN;
 * throttling is SATURATED. Missing or malformed credentials are no evidence: nothing was asked.
 *
 * <p>Of an application's real calls, an object that is missing is an answer of an S3 that works, and a single denied one
 * is no evidence. Immutable; for any thread.
 */
public final class S3Probe implements Probe {

    private final S3Client client;
    private final S3Target target;

    private S3Probe(S3Client client, S3Target target) {
        this.client = client;
        this.target = target;
    }

    /**
     * Asks for a bucket.
     *
     * @param client stays open, and the caller's
     * @param bucket its name, by S3's rules, or the ARN of an access point
     * @return the probe
     * @throws IllegalArgumentException if S3 has no such names
     * @throws IllegalStateException if the SDK is not there
     */
    public static S3Probe of(S3Client client, String bucket) {
        Library.S3.requireFor("S3Probe");
        return new S3Probe(Arguments.required("The client of an S3Probe", client), S3Target.of(bucket));
    }

    /**
     * Asks for an object instead, for which rights to read it suffice.
     *
     * @param key of an object that is always there
     * @return a new probe
     * @throws IllegalArgumentException if S3 has no such keys
     */
    public S3Probe sentinel(String key) {
        return new S3Probe(client, target.sentinel(key));
    }

    /**
     * How long S3 may take.
     *
     * @param timeout at least a millisecond, at most an hour; 1.5 seconds unless set
     * @return a new probe
     * @throws IllegalArgumentException if it is out of range
     */
    public S3Probe timeout(Duration timeout) {
        return new S3Probe(client, target.timeout(timeout));
    }

    @Override
    public ProbeResult check() {
        try {
            ask();
            return ProbeResult.up();
        } catch (RuntimeException failure) {
            // Not by its type, or the verifier would want that type where the SDK is absent.
            ProbeResult evidence = failure instanceof S3Exception refused ? target.ofCheck(answer(refused)) : null;
            if (evidence == null) {
                throw failure;
            }
            return evidence;
        }
    }

    private void ask() {
        String key = target.sentinel();
        if (key == null) {
            client.headBucket(
                    request -> request.bucket(target.bucket()).overrideConfiguration(AwsCalls.once(target.timeout())));
        } else {
            client.headObject(request ->
                    request.bucket(target.bucket()).key(key).overrideConfiguration(AwsCalls.once(target.timeout())));
        }
    }

    private static S3Target.Answer answer(S3Exception refused) {
        AwsErrorDetails details = refused.awsErrorDetails();
        SdkHttpResponse http = details == null ? null : details.sdkHttpResponse();
        return new S3Target.Answer(
                refused.statusCode(),
                details == null ? null : details.errorCode(),
                http == null ? null : http.statusText().orElse(null),
                http == null
                        ? null
                        : http.firstMatchingHeader("x-amz-bucket-region").orElse(null));
    }

    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        S3Exception refused = Causes.first(failure, S3Exception.class);
        return refused != null ? target.ofCall(answer(refused)) : target.ofSilence(failure, AwsCalls::isTimeout);
    }

    @Override
    public ProbeSettings settings() {
        return target.settings();
    }

    @Override
    public String toString() {
        return "S3Probe[" + target + "]";
    }
}
