package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.amazonaws.ClientConfiguration;
import com.amazonaws.SdkClientException;
import com.amazonaws.auth.AWSCredentials;
import com.amazonaws.auth.AWSCredentialsProvider;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import io.pratique.probes.s3v1.S3V1Probe;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("P-3")
class S3V1ProbeIT {

    private static S3Scene scene;

    @BeforeAll
    static void start() throws Exception {
        scene = new S3Scene();
    }

    @AfterAll
    static void stop() throws Exception {
        scene.close();
    }

    private static AmazonS3 client(URI endpoint, AWSCredentialsProvider credentials, int retries) {
        return AmazonS3ClientBuilder.standard()
                .withClientConfiguration(new ClientConfiguration().withMaxErrorRetry(retries))
                .withPathStyleAccessEnabled(true)
                .withEndpointConfiguration(new EndpointConfiguration(endpoint.toString(), "us-east-1"))
                .withCredentials(credentials)
                .build();
    }

    private static AmazonS3 client(URI endpoint, String secret, int retries) {
        return client(
                endpoint, new AWSStaticCredentialsProvider(new BasicAWSCredentials(S3Scene.KEY, secret)), retries);
    }

    private static Probe probe(URI endpoint, String secret, String bucket, String sentinel, Duration timeout) {
        S3V1Probe probe = S3V1Probe.of(client(endpoint, secret, 0), bucket).timeout(timeout);
        return sentinel == null ? probe : probe.sentinel(sentinel);
    }

    static Stream<AnswerTable.Case> answers() {
        return Stream.concat(
                scene.answers("S3V1Probe", S3V1ProbeIT::probe),
                Stream.of(new AnswerTable.Case(
                        "S3V1Probe",
                        "no credentials to ask with",
                        Outcome.BROKEN,
                        () -> S3V1Probe.of(client(scene.uri(), new NoCredentials(), 0), S3Scene.BUCKET)
                                .timeout(Duration.ofSeconds(8)))));
    }

    private static final class NoCredentials implements AWSCredentialsProvider {

        @Override
        public AWSCredentials getCredentials() {
            throw new SdkClientException("Unable to load AWS credentials from any provider in the chain");
        }

        @Override
        public void refresh() {}
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answerIsTakenFor(AnswerTable.Case answer) throws Exception {
        assertThat(answer.verify().toString()).doesNotContain(S3Scene.SECRET);
    }

    @Test
    void guideShowsTheSame() {
        AnswerTable.assertShown("S3V1Probe", answers().toList());
    }

    @Nested
    class Request {

        @Test
        void isOneForTheBucketOrForTheSentinel() throws Exception {
            Wire wire = scene.wire(Wire.answer("200 OK", ""));
            S3V1Probe probe = S3V1Probe.of(client(wire.uri(), S3Scene.SECRET, 0), S3Scene.BUCKET)
                    .timeout(Duration.ofSeconds(8));

            probe.check();
            probe.sentinel(S3Scene.SENTINEL).check();

            assertThat(wire.requests()).hasSize(2);
            assertThat(wire.requests().get(0)).startsWith("HEAD /artifacts/ HTTP");
            assertThat(wire.requests().get(1)).startsWith("HEAD /artifacts/team/pratique HTTP");
        }

        @Test
        void endsWithTheProbesTimeoutWhateverTheClientsRetriesWouldTake() throws Exception {
            Wire failing = scene.wire(Wire.answer("500 Internal Server Error", ""));
            S3V1Probe probe = S3V1Probe.of(client(failing.uri(), S3Scene.SECRET, 1000), S3Scene.BUCKET)
                    .timeout(Duration.ofMillis(300));

            Throwable thrown = catchThrowable(probe::check);

            assertThat(probe.classify(thrown)).hasToString("DOWN (no answer from S3 in time)");
            assertThat(probe.settings().timeout()).isEqualTo(Duration.ofMillis(800));
        }
    }

    /** What an application reports when a call of its own has failed. */
    @Nested
    @Tag("R-7")
    class RealCall {

        private ProbeResult reading(String bucket) {
            AmazonS3 client = client(scene.uri(), S3Scene.SECRET, 0);
            return S3V1Probe.of(client, S3Scene.BUCKET)
                    .classify(catchThrowable(() -> client.getObject(bucket, "nothing")));
        }

        @Test
        void forAMissingObjectTakesAnS3ThatWorks() {
            assertThat(reading(S3Scene.BUCKET)).isEqualTo(ProbeResult.up());
        }

        @Test
        void intoAMissingBucketIsEvidence() {
            assertThat(reading("nowhere").outcome()).isEqualTo(Outcome.DOWN);
        }
    }

    @Test
    void probeWithoutAClientIsRefused() {
        assertThatThrownBy(() -> S3V1Probe.of(null, S3Scene.BUCKET))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("S3V1Probe");
        assertThatThrownBy(() -> probe(scene.uri(), S3Scene.SECRET, "Not-A-Bucket", null, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
