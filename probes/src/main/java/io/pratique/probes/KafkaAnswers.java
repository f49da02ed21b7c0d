package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.util.Set;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** What exceptions of Kafka's clients say; apart, so that a probe can be refused where the library is absent. */
final class KafkaAnswers {

    private static final Set<Class<?>> DOWN = Set.of(
            TimeoutException.class,
            DisconnectException.class,
            NetworkException.class,
            BrokerNotAvailableException.class,
            KafkaStorageException.class,
            NotEnoughReplicasException.class,
            NotEnoughReplicasAfterAppendException.class);

    /** What only a cluster says that works. */
    private static final Set<Class<?>> UP = Set.of(RecordTooLargeException.class, TopicExistsException.class);

    private KafkaAnswers() {}

    static @Nullable ProbeResult classify(Throwable failure) {
        if (failure instanceof ThrottlingQuotaExceededException) {
            return ProbeResult.saturated("Kafka throttles requests");
        }
        if (UP.contains(failure.getClass())) {
            return ProbeResult.up();
        }
        return DOWN.contains(failure.getClass()) || failure instanceof AuthenticationException
                ? ProbeResult.down("Kafka: " + failure.getClass().getSimpleName())
                : null;
    }
}
