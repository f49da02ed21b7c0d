package io.pratique.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.pratique.release.ChangeProbe;
import io.pratique.release.StepAction;
import io.pratique.release.checks.ArtifactCheck;
import io.pratique.release.checks.Attempts;
import io.pratique.release.checks.Guard;
import io.pratique.release.checks.HttpCheck;
import io.pratique.release.steps.CommandAction;
import io.pratique.release.steps.PostgresBackup;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What the steps of a plan's file do: run a command, or look at what is told by plain data. */
final class PlanActions {

    /** The keys of which a step has one. */
    static final Set<String> KINDS = Set.of("run", "http", "guard", "artifact", "backup", "restore", "restorable");

    private final Path base;

    /**
     * No actions yet.
     *
     * @param base where commands run, and what paths are against
     */
    PlanActions(Path base) {
        this.base = base;
    }

    /** The one action that a step has. */
    StepAction of(PlanObject step) {
        List<String> given = KINDS.stream().filter(step::has).toList();
        if (given.size() != 1) {
            throw new IllegalArgumentException(step.subject() + " must have one of " + new TreeSet<>(KINDS)
                    + ", but has " + (given.isEmpty() ? "none" : new TreeSet<>(given).toString()));
        }
        String kind = given.get(0);
        return of(step.subject(), kind, step.get(kind));
    }

    /** A part of a change: a command as it is, or an object of one of the other kinds. */
    StepAction part(PlanObject change, String key) {
        String subject = "\"" + key + "\" of " + change.subject();
        JsonNode part = change.get(key);
        return part.isArray() ? of(subject, "run", part) : of(new PlanObject(subject, part, KINDS));
    }

    /** Looks by a command. */
    ChangeProbe probe(PlanObject change) {
        return command("\"probe\" of " + change.subject(), change.get("probe")).probe();
    }

    private StepAction of(String subject, String kind, JsonNode node) {
        String name = "\"" + kind + "\" of " + subject;
        return switch (kind) {
            case "run" -> command(name, node);
            case "http" -> http(new PlanObject(name, node, Set.of("url", "version", "timeout", "attempts", "apart")));
            case "guard" -> guard(PlanObject.variables(name, node));
            case "artifact" -> artifact(new PlanObject(name, node, Set.of("file", "sha256")));
            case "backup" -> backup(name, node);
            case "restore" -> backup(name, node).restore();
            case "restorable" -> backup(name, node).restorable();
            default -> throw new IllegalStateException(kind);
        };
    }

    private CommandAction command(String subject, JsonNode node) {
        List<String> words = PlanObject.texts(subject, node);
        if (words.isEmpty()) {
            throw new IllegalArgumentException(subject + " must be a command, but is empty; write [\"./deploy\"]");
        }
        String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
        return CommandAction.of(words.get(0), arguments).directory(base);
    }

    private static StepAction http(PlanObject http) {
        HttpCheck check = HttpCheck.of(url(http));
        String version = http.textIfAny("version");
        Duration timeout = http.durationIfAny("timeout");
        check = version == null ? check : check.version(version);
        check = timeout == null ? check : check.timeout(timeout);
        Integer times = http.numberIfAny("attempts");
        Duration apart = http.durationIfAny("apart");
        Attempts attempts = Attempts.of(check);
        attempts = times == null ? attempts : attempts.times(times);
        return apart == null ? attempts : attempts.apart(apart);
    }

    private static URI url(PlanObject http) {
        String url = http.text("url");
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"url\" of " + http.subject() + " must be a URL such as http://localhost:8080/health");
        }
    }

    private static StepAction guard(Map<String, String> required) {
        Guard guard = null;
        for (Map.Entry<String, String> each : required.entrySet()) {
            guard = guard == null
                    ? Guard.requires(each.getKey(), each.getValue())
                    : guard.and(each.getKey(), each.getValue());
        }
        return Objects.requireNonNull(guard);
    }

    private StepAction artifact(PlanObject artifact) {
        ArtifactCheck check = ArtifactCheck.of(base.resolve(artifact.text("file")));
        String sha256 = artifact.textIfAny("sha256");
        return sha256 == null ? check : check.sha256(sha256);
    }

    private PostgresBackup backup(String name, JsonNode node) {
        PlanObject backup = new PlanObject(name, node, Set.of("postgres", "name", "programs"));
        PostgresUrl url = PostgresUrl.parse(backup.text("postgres"));
        PostgresBackup whole = PostgresBackup.of(url.jdbc(), url.user(), url.password());
        String own = backup.textIfAny("name");
        String programs = backup.textIfAny("programs");
        whole = own == null ? whole : whole.named(own);
        return programs == null ? whole : whole.programs(base.resolve(programs));
    }
}
