package io.pratique.health;

import static io.pratique.health.Gates.heard;
import static io.pratique.health.Gates.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ReadinessGate;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("H-2")
class HostileNamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\"b",
                "\"},\"status\":\"healthy\",{\"",
                "back\\slash\\",
                "line\nbreak\r\ttab",
                "nul\u0000 and bell\u0007",
                "line\u2028and\u2029paragraph",
                "\u202eright to left",
                "storage \ud83d\udea2 gr\u00fc\u00dfe \u6771\u4eac",
                "</script><script>alert(1)</script>",
                "__proto__",
                "{}"
            })
    void comeBackAsTheyWere(String name) {
        try (ReadinessGate gate = heard(ReadinessGate.builder()
                .probe(name, () -> ProbeResult.down("said \"" + name))
                .job(name, name))) {
            HealthEndpoints endpoints =
                    HealthEndpoints.builder(name, gate).token("token").build();
            JsonNode json = sent(endpoints.health("Bearer token"));
            assertThat(json.get("service").textValue()).isEqualTo(name);
            assertThat(json.get("status").textValue()).isEqualTo("degraded");
            assertThat(json.get("checks").get(name).get("outcome").textValue()).isEqualTo("DOWN");
            assertThat(json.get("jobs").get(name).get("dependency").textValue()).isEqualTo(name);
            assertThat(sent(endpoints.ready()).get("service").textValue()).isEqualTo(name);
            assertThat(sent(endpoints.live()).get("service").textValue()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"half \ud800", "\udc00 half"})
    void thatNoEncodingHoldsStillMakeValidJson(String name) {
        try (ReadinessGate gate = heard(ReadinessGate.builder().probe(name, ProbeResult::up))) {
            HealthEndpoints endpoints = HealthEndpoints.builder(name, gate).build();
            assertThat(sent(endpoints.health(null)).get("checks")).hasSize(1);
        }
    }

    /** As it arrives at the other end. */
    private static JsonNode sent(HealthResponse response) {
        return parse(new String(response.body().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
