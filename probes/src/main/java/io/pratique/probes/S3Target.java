package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in S3 a probe looks, for how long, and what S3's answers mean. This is what {@link S3Probe} and the probe for
 * SDK v1, which lives in a jar of its own, have in common; applications use the probes. Immutable.
 *
 * <p>An answer by which no call of this client can succeed is evidence: no such bucket, access denied, another region. So
 * is a server that fails. What S3 says of the request alone is not.
 */
public final class S3Target {

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9](?:[a-z0-9-]|\\.(?!\\.)){1,61}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

    /** An access point stands for a bucket. */
    private static final Pattern ACCESS_POINT =
            Pattern.compile("arn:aws[a-z-]*:s3(?:-outposts|-object-lambda)?:[a-z0-9-]*:\\d{12}:[A-Za-z0-9/:.-]{1,200}");

    private static final int KEY_BYTES = 1024;

    private static final Set<String> THROTTLED =
            Set.of("SlowDown", "TooManyRequests", "TooManyRequestsException", "RequestLimitExceeded", "Throttling");

    /** What S3 says of one object, and could not say if it did not work. */
    private static final Set<String> OF_ONE_OBJECT = Set.of(
            "NoSuchKey",
            "NoSuchVersion",
            "NoSuchUpload",
            "PreconditionFailed",
            "InvalidRange",
            "InvalidObjectState",
            "ConditionalRequestConflict",
            "OperationAborted");

    private final String bucket;
    private final @Nullable String sentinel;
    private final Duration timeout;

    private S3Target(String bucket, @Nullable String sentinel, Duration timeout) {
        this.bucket = bucket;
        this.sentinel = sentinel;
        this.timeout = timeout;
    }

    /**
     * A whole bucket.
     *
     * @param bucket its name, by S3's rules, or the ARN of an access point
     * @return the target
     * @throws IllegalArgumentException if S3 has no such names
     */
    public static S3Target of(String bucket) {
        if (bucket == null || !isBucket(bucket)) {
            throw Arguments.refused(
                    "The bucket of an S3 probe",
                    "must have 3 to 63 lower-case letters, digits, dots and hyphens, and begin and end with a letter or"
                            + " digit",
                    bucket,
                    "give its name alone, or the ARN of an access point");
        }
        return new S3Target(bucket, null, Timeouts.DEFAULT);
    }

    private static boolean isBucket(String name) {
        return ACCESS_POINT.matcher(name).matches()
                || (BUCKET.matcher(name).matches() && !ADDRESS.matcher(name).matches() && !name.startsWith("xn--"));
    }

    /**
     * One object, for rights to a part of the bucket only.
     *
     * @param key of 1 to 1024 bytes; the object must be there
     * @return a new target
     * @throws IllegalArgumentException if S3 has no such keys
     */
    public S3Target sentinel(String key) {
        if (key == null || key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > KEY_BYTES) {
            throw Arguments.refused(
                    "The sentinel of an S3 probe",
                    "must have 1 to " + KEY_BYTES + " bytes",
                    key,
                    "give the key of an object that is always there");
        }
        return new S3Target(bucket, key, timeout);
    }

    /**
     * How long S3 may take.
     *
     * @param timeout at least a millisecond, at most an hour
     * @return a new target
     * @throws IllegalArgumentException if it is out of range
     */
    public S3Target timeout(Duration timeout) {
        return new S3Target(bucket, sentinel, Timeouts.require("S3 probe", timeout));
    }

    /**
     * The bucket.
     *
     * @return its name or ARN
     */
    public String bucket() {
        return bucket;
    }

    /**
     * The object that is asked for.
     *
     * @return its key; null if the bucket itself is asked for
     */
    public @Nullable String sentinel() {
        return sentinel;
    }

    /**
     * How long S3 may take.
     *
     * @return 1.5 seconds unless set
     */
    public Duration timeout() {
        return timeout;
    }

    /**
     * How a probe of this target is run.
     *
     * @return settings by which its own timeout strikes first
     */
    public ProbeSettings settings() {
        return Timeouts.settings(timeout);
    }

    /**
     * An error that S3 answered with.
     *
     * @param status of HTTP
     * @param code S3's own; null where the answer had no body, as that to a HEAD request
     * @param phrase the reason phrase of HTTP, if known: all that tells throttling from failing where there is no body
     * @param region where the bucket is, if S3 says so
     */
    public record Answer(
            int status,
            @Nullable String code,
            @Nullable String phrase,
            @Nullable String region) {

        private boolean isThrottled() {
            return status == 429 || (code != null && THROTTLED.contains(code)) || "Slow Down".equalsIgnoreCase(phrase);
        }

        private boolean isElsewhere() {
            return status == 301 || status == 307 || status == 308;
        }

        private boolean isOfOneObject() {
            return status == 304 || status == 412 || status == 416 || (code != null && OF_ONE_OBJECT.contains(code));
        }
    }

    /**
     * What an answer to the probe's own request says. Such a request has no body in its answer, so the status is all.
     *
     * @param answer of S3
     * @return down or saturated; null if it is no evidence
     */
    public @Nullable ProbeResult ofCheck(Answer answer) {
        return switch (answer.status()) {
            case 403 ->
                ProbeResult.down(
                        sentinel == null
                                ? "403: access to bucket " + bucket
                                        + " denied; HeadBucket needs s3:ListBucket, with less use a" + " sentinel"
                                : "403: access to " + sentinel + " in bucket " + bucket
                                        + " denied, or it is missing and may not be listed");
            case 404 ->
                ProbeResult.down(
                        sentinel == null
                                ? "404: no bucket " + bucket
                                : "404: no " + sentinel + " in bucket " + bucket + ", or no such bucket");
            default -> ofCall(answer);
        };
    }

    /**
     * What an answer to any request says of the bucket.
     *
     * @param answer of S3
     * @return up if it is about one object only, which takes an S3 that works; null if it is no evidence
     */
    public @Nullable ProbeResult ofCall(Answer answer) {
        if (answer.isThrottled()) {
            return ProbeResult.saturated(answer.status() + ": S3 throttles requests to bucket " + bucket);
        }
        if (answer.isElsewhere()) {
            String region = answer.region() == null ? "another region" : "region " + answer.region();
            return ProbeResult.down(answer.status() + ": bucket " + bucket + " is in " + region);
        }
        if (answer.status() >= 500) {
            return ProbeResult.down(answer.status() + " from S3 for bucket " + bucket);
        }
        if ("NoSuchBucket".equals(answer.code())) {
            return ProbeResult.down("404: no bucket " + bucket);
        }
        return answer.isOfOneObject() ? ProbeResult.up() : null;
    }

    /**
     * What it says that there was no answer.
     *
     * @param failure what the client threw
     * @param timedOut whether an exception is the client's own for a timeout
     * @return down or saturated; null if it is no evidence
     */
    public @Nullable ProbeResult ofSilence(Throwable failure, Predicate<Throwable> timedOut) {
        return Silence.of("S3", failure, timedOut);
    }

    @Override
    public String toString() {
        return "bucket " + bucket + (sentinel == null ? "" : ", sentinel " + sentinel);
    }
}
