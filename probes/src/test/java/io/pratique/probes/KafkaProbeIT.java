package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real broker. */
@Tag("P-4")
class KafkaProbeIT {

    private static final Duration PATIENT = Duration.ofSeconds(8);
    private static final Duration IMPATIENT = Duration.ofMillis(500);

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    private static KafkaBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = opened(new KafkaBroker());
    }

    @AfterAll
    static void stop() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    private static <T extends AutoCloseable> T opened(T resource) {
        OPEN.push(resource);
        return resource;
    }

    private static KafkaProbe probe(Admin admin) {
        return KafkaProbe.of(opened(admin)).timeout(PATIENT);
    }

    private static AnswerTable.Case row(String answer, Outcome outcome, Callable<Probe> scene) {
        return new AnswerTable.Case("KafkaProbe", answer, outcome, scene);
    }

    static Stream<AnswerTable.Case> answers() {
        return Stream.of(
                row(
                        "as many brokers as there must be, or more",
                        Outcome.UP,
                        () -> probe(KafkaBroker.admin(broker.port()))),
                row(
                        "fewer brokers",
                        Outcome.DOWN,
                        () -> probe(KafkaBroker.admin(broker.port())).minimumBrokers(2)),
                row(
                        "no broker within reach in time",
                        Outcome.DOWN,
                        () -> probe(KafkaBroker.admin(Wire.deserted().getPort()))
                                .timeout(IMPATIENT)),
                row(
                        "no answer in time",
                        Outcome.DOWN,
                        () -> probe(KafkaBroker.admin(opened(Wire.answering(Wire.SILENCE))
                                        .uri()
                                        .getPort()))
                                .timeout(IMPATIENT)),
                row("user or password not accepted", Outcome.DOWN, () -> probe(broker.stranger())),
                row("the client is closed", Outcome.BROKEN, () -> {
                    Admin closed = KafkaBroker.admin(broker.port());
                    closed.close();
                    return KafkaProbe.of(closed);
                }));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answerIsTakenFor(AnswerTable.Case answer) throws Exception {
        assertThat(answer.verify().toString()).doesNotContain(KafkaBroker.CANARY);
    }

    @Test
    void guideShowsTheSame() {
        AnswerTable.assertShown("KafkaProbe", answers().toList());
    }

    @Test
    void brokerThatHangsGoesOnAndIsKilledIsSeenThroughTheSameClient() throws Exception {
        try (KafkaBroker other = new KafkaBroker()) {
            KafkaProbe probe = probe(KafkaBroker.admin(other.port()));
            assertThat(probe.check()).isEqualTo(ProbeResult.up());

            other.hang();
            assertThat(AnswerTable.ask(probe.timeout(IMPATIENT)).outcome()).isEqualTo(Outcome.DOWN);
            other.goOn();
            await().until(() -> AnswerTable.ask(probe).outcome() == Outcome.UP);

            other.close();
            assertThat(AnswerTable.ask(probe.timeout(IMPATIENT)).outcome()).isEqualTo(Outcome.DOWN);
        }
    }

    /** What an application reports when a call of its own has failed. */
    @Test
    @Tag("R-7")
    void realCallsAreToldApart() {
        KafkaProbe probe = probe(KafkaBroker.admin(broker.port()));

        assertThat(probe.classify(new ExecutionException(new NetworkException("lost"))))
                .hasToString("DOWN (Kafka: NetworkException)");
        assertThat(probe.classify(new ThrottlingQuotaExceededException("slow")).outcome())
                .isEqualTo(Outcome.SATURATED);
        assertThat(probe.classify(new RecordTooLargeException("large"))).isEqualTo(ProbeResult.up());
        assertThat(probe.classify(new TopicAuthorizationException("denied"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001})
    void numberOfBrokersOutOfRangeIsRefused(int brokers) {
        assertThatThrownBy(() -> probe(KafkaBroker.admin(broker.port())).minimumBrokers(brokers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The brokers of a KafkaProbe must be between 1 and 10000, but is \"" + brokers);
    }
}
