package io.pratique.health;

import static io.pratique.health.Gates.flags;
import static io.pratique.health.Gates.heard;
import static io.pratique.health.Gates.parse;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pratique.flags.FlagClient;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ReadinessGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sample in docs/guide/health.md shows what is really sent. */
@Tag("H-2")
class GuideTest {

    private static final Path PAGE = Path.of("..", "docs", "guide", "health.md");

    @Test
    void showsExactlyTheFieldsThatAreSent() throws IOException {
        try (FlagClient flags = flags(Map.of());
                ReadinessGate gate = heard(ReadinessGate.builder()
                        .flags(flags)
                        .probe("database", () -> ProbeResult.down("refused"))
                        .job("cleanup-runner", "database"))) {
            gate.wrap("cleanup-runner", () -> {}).run();
            HealthEndpoints endpoints = HealthEndpoints.builder("worker", gate)
                    .token("token")
                    .flags(flags)
                    .build();
            assertThat(fields(sample())).isEqualTo(fields(parse(endpoints.health("Bearer token"))));
        }
    }

    private static JsonNode sample() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("```json\n") + "```json\n".length();
        return parse(page.substring(start, page.indexOf("```", start)));
    }

    /** The fields of the whole, and of the last check, job and source, in their order. */
    private static List<List<String>> fields(JsonNode json) {
        List<List<String>> all = new ArrayList<>();
        all.add(names(json));
        for (String group : List.of("checks", "jobs", "sources")) {
            List<JsonNode> members = new ArrayList<>();
            json.get(group).forEach(members::add);
            all.add(names(members.get(members.size() - 1)));
        }
        return all;
    }

    private static List<String> names(JsonNode json) {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
