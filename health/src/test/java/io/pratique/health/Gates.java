package io.pratique.health;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagSet;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.ReadinessGate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Real gates and flags, once they know what they are told. */
final class Gates {

    static final String CANARY = "hunter2-canary";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Gates() {}

    static FlagClient flags(Map<String, String> values) {
        return FlagClient.builder().source(() -> FlagSet.of(values)).build();
    }

    /** Builds, and waits until nothing is pending. */
    static ReadinessGate heard(ReadinessGate.Builder builder) {
        ReadinessGate gate = builder.build();
        await().until(() -> gate.health().checks().stream().noneMatch(check -> check.outcome() == Outcome.PENDING));
        return gate;
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    static JsonNode parse(HealthResponse response) {
        return parse(response.body());
    }
}
