package io.pratique.probes.s3v1;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.AmazonWebServiceRequest;
import com.amazonaws.http.exception.HttpRequestTimeoutException;
import com.amazonaws.http.timers.client.ClientExecutionTimeoutException;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.AmazonS3Exception;
import com.amazonaws.services.s3.model.GetObjectMetadataRequest;
import com.amazonaws.services.s3.model.HeadBucketRequest;
import io.pratique.probes.S3Target;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks S3 for a bucket through an application's client of AWS SDK v1, and means by the answers what {@code S3Probe} does,
 * which asks through SDK v2:
 *
 * <pre>{@code
 * S3V1Probe.of(client, "artifacts")                               // HeadBucket, needs s3:ListBucket
 * S3V1Probe.of(client, "artifacts").sentinel("team/pratique")     // HeadObject, for rights to a prefix only
 * }</pre>
 *
 * <p>Both of the SDK's timeouts are set for each request. Retries are a setting of v1's clients that a request cannot
 * change, so they happen, within the timeout: a client with retries sees an S3 that fails or throttles as one that is
 * slow, if its retries take longer than the probe's timeout. For the plain answer give the probe a client of its own with
 * {@code withMaxErrorRetry(0)}. The client stays open. Immutable; for any thread.
 */
public final class S3V1Probe implements Probe {

    private final AmazonS3 client;
    private final S3Target target;

    private S3V1Probe(AmazonS3 client, S3Target target) {
        this.client = client;
        this.target = target;
    }

    /**
     * Asks for a bucket.
     *
     * @param client stays open, and the caller's
     * @param bucket its name, by S3's rules, or the ARN of an access point
     * @return the probe
     * @throws IllegalArgumentException if there is no client, or S3 has no such names
     */
    public static S3V1Probe of(AmazonS3 client, String bucket) {
        if (client == null) {
            throw new IllegalArgumentException("The client of an S3V1Probe must be given, but is \"null\"; give one");
        }
        return new S3V1Probe(client, S3Target.of(bucket));
    }

    /**
     * Asks for an object instead, for which rights to read it suffice.
     *
     * @param key of an object that is always there
     * @return a new probe
     * @throws IllegalArgumentException if S3 has no such keys
     */
    public S3V1Probe sentinel(String key) {
        return new S3V1Probe(client, target.sentinel(key));
    }

    /**
     * How long S3 may take, the client's retries included.
     *
     * @param timeout at least a millisecond, at most an hour; 1.5 seconds unless set
     * @return a new probe
     * @throws IllegalArgumentException if it is out of range
     */
    public S3V1Probe timeout(Duration timeout) {
        return new S3V1Probe(client, target.timeout(timeout));
    }

    @Override
    public ProbeResult check() {
        try {
            ask();
            return ProbeResult.up();
        } catch (AmazonServiceException refused) {
            ProbeResult evidence = target.ofCheck(answer(refused));
            if (evidence == null) {
                throw refused;
            }
            return evidence;
        }
    }

    private void ask() {
        String key = target.sentinel();
        if (key == null) {
            client.headBucket(bounded(new HeadBucketRequest(target.bucket())));
        } else {
            client.getObjectMetadata(bounded(new GetObjectMetadataRequest(target.bucket(), key)));
        }
    }

    private <R extends AmazonWebServiceRequest> R bounded(R request) {
        int millis = Math.toIntExact(target.timeout().toMillis());
        request.setSdkRequestTimeout(millis);
        request.setSdkClientExecutionTimeout(millis);
        return request;
    }

    /** An answer without a body has its reason phrase for a code, such as "404 Not Found". */
    private static S3Target.Answer answer(AmazonServiceException refused) {
        String prefix = refused.getStatusCode() + " ";
        String code = refused.getErrorCode();
        boolean isPhrase = code != null && code.startsWith(prefix);
        return new S3Target.Answer(
                refused.getStatusCode(),
                isPhrase ? null : code,
                isPhrase ? code.substring(prefix.length()) : null,
                region(refused));
    }

    private static @Nullable String region(AmazonServiceException refused) {
        Map<String, String> headers = refused.getHttpHeaders();
        return headers == null ? null : headers.get("x-amz-bucket-region");
    }

    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return failure instanceof AmazonS3Exception refused
                ? target.ofCall(answer(refused))
                : target.ofSilence(
                        failure,
                        thrown -> thrown instanceof ClientExecutionTimeoutException
                                || thrown instanceof HttpRequestTimeoutException);
    }

    @Override
    public ProbeSettings settings() {
        return target.settings();
    }

    @Override
    public String toString() {
        return "S3V1Probe[" + target + "]";
    }
}
