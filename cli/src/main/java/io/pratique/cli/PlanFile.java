package io.pratique.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.Release;
import io.pratique.release.ReleaseLock;
import io.pratique.release.Step;
import io.pratique.release.StepAction;
import io.pratique.release.incidents.Incidents;
import io.pratique.text.Spelling;
import io.pratique.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A plan as JSON: steps that are commands, or checks that are plain data. Paths in it are against its own directory. */
final class PlanFile implements Planning {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Set<String> TOP = Set.of("directory", "incidents", "lock", "steps");
    private static final Map<String, BiFunction<String, StepAction, Step>> KINDS = kinds();

    private final @Nullable Path directory;
    private final @Nullable ReleaseLock lock;
    private final @Nullable PlanIncidents incidents;
    private final List<Step> steps;

    private PlanFile(PlanObject plan, Path base) {
        String own = plan.textIfAny("directory");
        this.directory = own == null ? null : base.resolve(own);
        this.lock = plan.has("lock") ? PostgresLock.of(plan.get("lock")) : null;
        this.incidents = plan.has("incidents") ? new PlanIncidents(plan.get("incidents")) : null;
        this.steps = new ArrayList<>();
        PlanActions actions = new PlanActions(base);
        for (JsonNode step : plan.array("steps")) {
            steps.add(step("step " + (steps.size() + 1) + " of the plan", step, actions));
        }
    }

    private static Map<String, BiFunction<String, StepAction, Step>> kinds() {
        Map<String, BiFunction<String, StepAction, Step>> kinds = new LinkedHashMap<>();
        kinds.put("check", Step::check);
        kinds.put("protect", Step::protect);
        kinds.put("change", Step::change);
        kinds.put("forensics", Step::forensics);
        kinds.put("cleanup", Step::cleanup);
        kinds.put("notify", Step::notify);
        return kinds;
    }

    /**
     * Reads a plan.
     *
     * @throws IllegalArgumentException if it is none
     */
    static PlanFile read(Path file) {
        TextFile content = new TextFile(file, "plan");
        try {
            JsonNode root = JSON.readTree(content.text(content.bytes()));
            Path base = file.toAbsolutePath().normalize().getParent();
            return new PlanFile(new PlanObject("a plan", root, TOP), base == null ? Path.of("") : base);
        } catch (JsonProcessingException e) {
            // Where, but not what: the file may be another one, with secrets in it.
            String where =
                    e.getLocation() == null ? "it" : "line " + e.getLocation().getLineNr();
            throw refused(file, where + " is not JSON, names a key twice, or is nested too deep", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw refused(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static IllegalArgumentException refused(Path file, String fault, Exception cause) {
        return new IllegalArgumentException(
                "the plan \"" + file + "\" cannot be followed: " + FlagText.printable(fault, 1_000), cause);
    }

    private static Step step(String subject, JsonNode node, PlanActions actions) {
        String kind = node.path("kind").asText("");
        BiFunction<String, StepAction, Step> of = KINDS.get(kind);
        if (of == null) {
            throw new IllegalArgumentException("\"kind\" of " + subject + " must be one of " + KINDS.keySet()
                    + ", but is \"" + FlagText.printable(kind) + "\"; did you mean \""
                    + Spelling.nearest(kind, KINDS.keySet()) + "\"?");
        }
        boolean isChange = kind.equals("change");
        Set<String> known = new HashSet<>(Set.of("name", "kind", "timeout"));
        known.addAll(PlanActions.KINDS);
        if (isChange) {
            known.addAll(Set.of("compensation", "verification", "probe", "rollbackCheck", "rollbackVerification"));
        }
        PlanObject fields = new PlanObject(subject, node, known);
        Step step = of.apply(fields.text("name"), actions.of(fields));
        Duration timeout = fields.durationIfAny("timeout");
        step = timeout == null ? step : step.timeout(timeout);
        return isChange ? change(step, fields, actions) : step;
    }

    /** What is missing of a change is told when the release is built. */
    private static Step change(Step bare, PlanObject fields, PlanActions actions) {
        Step step = bare;
        if (fields.has("compensation")) {
            step = step.compensation(actions.part(fields, "compensation"));
        }
        if (fields.has("verification")) {
            step = step.verification(actions.part(fields, "verification"));
        }
        if (fields.has("probe")) {
            step = step.probe(actions.probe(fields));
        }
        if (fields.has("rollbackCheck")) {
            step = step.rollbackCheck(actions.part(fields, "rollbackCheck"));
        }
        return fields.has("rollbackVerification")
                ? step.rollbackVerification(actions.part(fields, "rollbackVerification"))
                : step;
    }

    @Override
    public Release.Builder of(String version) {
        Release.Builder builder = Release.named(version);
        if (directory != null) {
            builder.directory(directory);
        }
        if (lock != null) {
            builder.lock(lock);
        }
        steps.forEach(builder::step);
        return builder;
    }

    @Override
    public Release.Builder completed(Release.Builder builder, Path directory) {
        if (incidents == null) {
            return builder;
        }
        Incidents told = incidents.in(directory);
        return builder.step(Step.notify("incident", told)).afterwards(told::afterwards);
    }

    @Override
    public Incidents incidents(Path directory) {
        return incidents == null ? Incidents.in(directory) : incidents.in(directory);
    }
}
