package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

@Tag("P-3")
class S3ProbeIT {

    private static S3Scene scene;

    @BeforeAll
    static void start() throws Exception {
        scene = new S3Scene();
    }

    @AfterAll
    static void stop() throws Exception {
        scene.close();
    }

    private static S3Client client(URI endpoint, AwsCredentialsProvider credentials) {
        return S3Client.builder()
                .httpClient(UrlConnectionHttpClient.create())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(credentials)
                .build();
    }

    private static S3Client client(URI endpoint, String secret) {
        return client(endpoint, StaticCredentialsProvider.create(AwsBasicCredentials.create(S3Scene.KEY, secret)));
    }

    private static Probe probe(URI endpoint, String secret, String bucket, String sentinel, Duration timeout) {
        S3Probe probe = S3Probe.of(client(endpoint, secret), bucket).timeout(timeout);
        return sentinel == null ? probe : probe.sentinel(sentinel);
    }

    static Stream<AnswerTable.Case> answers() {
        return Stream.concat(
                scene.answers("S3Probe", S3ProbeIT::probe),
                Stream.of(new AnswerTable.Case(
                        "S3Probe",
                        "no credentials to ask with",
                        Outcome.BROKEN,
                        () -> S3Probe.of(client(scene.uri(), S3ProbeIT::noCredentials), S3Scene.BUCKET)
                                .timeout(Duration.ofSeconds(8)))));
    }

    private static AwsBasicCredentials noCredentials() {
        throw SdkClientException.create("Unable to load credentials from any of the providers in the chain");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answerIsTakenFor(AnswerTable.Case answer) throws Exception {
        assertThat(answer.verify().toString()).doesNotContain(S3Scene.SECRET);
    }

    @Test
    void guideShowsTheSame() {
        AnswerTable.assertShown("S3Probe", answers().toList());
    }

    @Nested
    class Request {

        @Test
        void isSentOnceWhateverTheClientIsSetTo() throws Exception {
            Wire failing = scene.wire(Wire.answer("500 Internal Server Error", ""));
            S3Client client = client(failing.uri(), S3Scene.SECRET);

            assertThat(S3Probe.of(client, S3Scene.BUCKET)
                            .timeout(Duration.ofMinutes(1))
                            .check()
                            .outcome())
                    .isEqualTo(Outcome.DOWN);
            assertThat(failing.requests()).hasSize(1);

            assertThat(catchThrowable(() -> client.headBucket(request -> request.bucket(S3Scene.BUCKET))))
                    .isNotNull();
            assertThat(failing.requests())
                    .as("the client itself retries as before")
                    .hasSizeGreaterThan(2);
        }

        @Test
        void isOneForTheBucketOrForTheSentinel() throws Exception {
            Wire wire = scene.wire(Wire.answer("200 OK", ""));
            S3Probe probe = S3Probe.of(client(wire.uri(), S3Scene.SECRET), S3Scene.BUCKET)
                    .timeout(Duration.ofSeconds(8));

            probe.check();
            probe.sentinel(S3Scene.SENTINEL).check();

            assertThat(wire.requests()).hasSize(2);
            assertThat(wire.requests().get(0)).startsWith("HEAD /artifacts HTTP");
            assertThat(wire.requests().get(1)).startsWith("HEAD /artifacts/team/pratique HTTP");
        }

        @Test
        void endsWithTheProbesOwnTimeoutNotTheClients() throws Exception {
            S3Probe probe = S3Probe.of(client(scene.wire(Wire.SILENCE).uri(), S3Scene.SECRET), S3Scene.BUCKET)
                    .timeout(Duration.ofMillis(100));

            Throwable thrown = catchThrowable(probe::check);

            assertThat(probe.classify(thrown)).hasToString("DOWN (no answer from S3 in time)");
            assertThat(probe.settings().timeout()).isEqualTo(Duration.ofMillis(600));
        }

        @Test
        void saysInWhichRegionTheBucketIs() throws Exception {
            Wire wire = scene.wire(Wire.answer("301 Moved Permanently", "", "x-amz-bucket-region: eu-west-1"));

            assertThat(probe(wire.uri(), S3Scene.SECRET, S3Scene.BUCKET, null, Duration.ofSeconds(8))
                            .check())
                    .hasToString("DOWN (301: bucket artifacts is in region eu-west-1)");
        }
    }

    /** What an application reports when a call of its own has failed. */
    @Nested
    @Tag("R-7")
    class RealCall {

        private ProbeResult of(URI endpoint, Consumer<S3Client> call) {
            S3Client client = client(endpoint, S3Scene.SECRET);
            Throwable thrown = catchThrowable(() -> call.accept(client));
            assertThat(thrown).isNotNull();
            return S3Probe.of(client, S3Scene.BUCKET).classify(thrown);
        }

        private ProbeResult answered(String status, String code) throws Exception {
            String body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>m</Message></Error>";
            return of(
                    scene.wire(Wire.answer(status, body, "Content-Type: application/xml"))
                            .uri(),
                    client -> client.getObjectAsBytes(
                            request -> request.bucket("artifacts").key("k")));
        }

        @Test
        void forAMissingObjectTakesAnS3ThatWorks() {
            assertThat(of(
                            scene.uri(),
                            client -> client.getObjectAsBytes(
                                    request -> request.bucket("artifacts").key("nothing"))))
                    .isEqualTo(ProbeResult.up());
        }

        @Test
        void intoAMissingBucketIsEvidence() {
            assertThat(of(
                            scene.uri(),
                            client -> client.getObjectAsBytes(
                                    request -> request.bucket("nowhere").key("k"))))
                    .extracting(ProbeResult::outcome)
                    .isEqualTo(Outcome.DOWN);
        }

        @Test
        void thatIsThrottledIsSaturated() throws Exception {
            assertThat(answered("503 Service Unavailable", "SlowDown").outcome())
                    .isEqualTo(Outcome.SATURATED);
        }

        @Test
        void thatIsDeniedForOneObjectIsNoEvidence() throws Exception {
            assertThat(answered("403 Forbidden", "AccessDenied")).isNull();
        }

        @Test
        void thatOnlyOneObjectStandsAgainstTakesAnS3ThatWorks() throws Exception {
            assertThat(answered("412 Precondition Failed", "PreconditionFailed"))
                    .isEqualTo(ProbeResult.up());
            assertThat(answered("416 Range", "InvalidRange")).isEqualTo(ProbeResult.up());
        }

        @Test
        void thatCouldNotBeMadeForWantOfFilesOrPortsIsNoEvidence() {
            S3Probe probe = S3Probe.of(client(scene.uri(), AnonymousCredentialsProvider.create()), "artifacts");
            assertThat(probe.classify(SdkClientException.create(
                            "Unable to execute HTTP request", new SocketException("Too many open files"))))
                    .isNull();
            assertThat(probe.classify(new BindException("Cannot assign requested address")))
                    .isNull();
        }

        @Test
        void isReadAlongItsCauses() {
            S3Probe probe = S3Probe.of(client(scene.uri(), AnonymousCredentialsProvider.create()), "artifacts");
            assertThat(probe.classify(new CompletionException(
                            S3Exception.builder().statusCode(500).build())))
                    .hasToString("DOWN (500 from S3 for bucket artifacts)");
        }

        /** The default client of the SDK is Apache's, which has classes of its own for that. */
        @Test
        void thatApacheNeverGotIsEvidence() {
            class NoHttpResponseException extends IOException {}
            assertThat(S3Probe.of(client(scene.uri(), AnonymousCredentialsProvider.create()), "artifacts")
                            .classify(SdkClientException.create(
                                    "Unable to execute HTTP request", new NoHttpResponseException())))
                    .hasToString("DOWN (S3 hangs up without an answer)");
        }

        @Test
        void thatIsCutOffIsEvidence() {
            assertThat(S3Probe.of(client(scene.uri(), AnonymousCredentialsProvider.create()), "artifacts")
                            .classify(SdkClientException.create(
                                    "Unable to execute HTTP request", new SocketException("Connection reset"))))
                    .hasToString("DOWN (no answer from S3: Connection reset)");
        }
    }

    @Nested
    class Refused {

        @ParameterizedTest
        @NullSource
        @ValueSource(
                strings = {
                    "",
                    "ab",
                    "Artifacts",
                    "arti_facts",
                    "-artifacts",
                    "artifacts-",
                    "a..b",
                    "10.0.0.1",
                    "xn--artifacts",
                    "arti/facts",
                    "arn:aws:s3:::artifacts",
                    "s3://artifacts"
                })
        void isWhatS3TakesForNoBucket(String bucket) {
            assertThatThrownBy(() -> S3Target.of(bucket))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("The bucket of an S3 probe must have 3 to 63")
                    .hasMessageContaining("\"" + bucket + "\"");
            assertThatThrownBy(() -> S3Target.of("a".repeat(64))).isInstanceOf(IllegalArgumentException.class);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "abc",
                    "artifacts.example.com",
                    "0-9",
                    "team--x-s3",
                    "arn:aws:s3:eu-west-1:123456789012:accesspoint/artifacts"
                })
        void isNoBucketThatS3Takes(String bucket) {
            assertThat(S3Target.of(bucket).bucket()).isEqualTo(bucket);
        }

        @Test
        void isASentinelWithoutAKeyOrATooLongOne() {
            S3Target target = S3Target.of("artifacts");
            for (String key : List.of("", "ä".repeat(513))) {
                assertThatThrownBy(() -> target.sentinel(key))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("The sentinel of an S3 probe must have 1 to 1024 bytes");
            }
        }

        @Test
        void isATimeoutOutOfRangeAndAProbeWithoutAClient() {
            assertThatThrownBy(() -> S3Target.of("artifacts").timeout(Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> S3Probe.of(null, "artifacts")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
