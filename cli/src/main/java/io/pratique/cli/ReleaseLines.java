package io.pratique.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.release.LockState;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.Step;
import io.pratique.release.StepRecord;
import io.pratique.release.incidents.Delivery;
import io.pratique.release.incidents.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Plans, releases and locks as the command prints them. */
final class ReleaseLines {

    private static final String NEW_LINE = System.lineSeparator();

    private ReleaseLines() {}

    static String planText(String version, List<Step> plan, ReleasePlace place) {
        StringBuilder text = new StringBuilder(
                "Release " + version + " in " + place.directory() + ", one at a time by " + place.lock());
        for (int i = 0; i < plan.size(); i++) {
            text.append(NEW_LINE)
                    .append("[STEP ")
                    .append(i + 1)
                    .append('/')
                    .append(plan.size())
                    .append("] ")
                    .append(plan.get(i).name())
                    .append(": ")
                    .append(plan.get(i).kind().name().toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }

    static ObjectNode planJson(String version, List<Step> plan, ReleasePlace place) {
        ObjectNode node = object().put("version", version)
                .put("directory", place.directory().toString())
                .put("lock", place.lock().toString());
        ArrayNode steps = node.putArray("steps");
        plan.forEach(step -> steps.addObject()
                .put("name", step.name())
                .put("kind", step.kind().name().toLowerCase(Locale.ROOT)));
        return node;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode lockJson(LockState lock) {
        return object().put("holder", lock.holder())
                .put("reason", lock.reason())
                .put("token", lock.token())
                .put("since", lock.since().toString())
                .put("stale", lock.stale())
                .put("waiting", lock.waiting());
    }

    /** One release on one line. */
    static String line(ReleaseRecord release) {
        return release.id() + ": " + (release.outcome() == null ? "not ended" : release.outcome())
                + (release.rollbackAt() == null ? "" : ", undone since " + release.reason())
                + ", begun " + release.begunAt()
                + (release.endedAt() == null ? "" : ", ended " + release.endedAt());
    }

    /** How far a release has come. */
    static String progress(ReleaseRecord release) {
        int steps = release.plan().size();
        if (release.steps().isEmpty()) {
            return "none of " + steps + " steps begun";
        }
        StepRecord last = release.steps().get(release.steps().size() - 1);
        return "step " + number(release, last) + " of " + steps + ", " + last.name() + part(last) + ", "
                + last.state().name().toLowerCase(Locale.ROOT) + " since "
                + (last.endedAt() == null ? last.begunAt() : last.endedAt());
    }

    private static int number(ReleaseRecord release, StepRecord step) {
        return release.plan().indexOf(step.kind() + " " + step.name()) + 1;
    }

    private static String part(StepRecord step) {
        return step.part() == StepRecord.Part.ACTION
                ? ""
                : ", " + step.part().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String reportMarkdown(ReleaseRecord release) {
        StringBuilder page = new StringBuilder("# Release " + release.version() + ": "
                + (release.outcome() == null ? "not ended" : release.outcome()) + "\n\n| | |\n|---|---|\n");
        row(page, "id", release.id());
        row(page, "from", release.previousVersion());
        row(page, "begun", release.begunAt());
        row(page, "ended", release.endedAt());
        row(page, "rollback", release.rollbackAt());
        row(page, "reason", release.reason());
        row(page, "failed step", release.failedStep());
        row(page, "may be changed", String.join(", ", release.changes()));
        row(page, "journal", release.journal());
        page.append("\n| step | part | state | begun | seconds | |\n|---|---|---|---|---|---|\n");
        for (StepRecord step : release.steps()) {
            Instant end = step.endedAt();
            page.append("| ").append(step.name());
            page.append(" | ")
                    .append(step.part().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            page.append(" | ").append(step.state().name().toLowerCase(Locale.ROOT));
            page.append(" | ").append(step.begunAt());
            page.append(" | ")
                    .append(
                            end == null
                                    ? ""
                                    : (double) Duration.between(step.begunAt(), end)
                                                    .toMillis()
                                            / 1_000);
            page.append(" | ").append(cell(step.detail())).append(" |\n");
        }
        return page.toString();
    }

    private static void row(StringBuilder page, String name, @Nullable Object value) {
        if (value != null && !value.toString().isEmpty()) {
            page.append("| ")
                    .append(name)
                    .append(" | ")
                    .append(cell(value.toString()))
                    .append(" |\n");
        }
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    static ObjectNode reportJson(ReleaseRecord release) {
        ObjectNode node = object().put("id", release.id())
                .put("version", release.version())
                .put("previousVersion", release.previousVersion())
                .put("begunAt", release.begunAt().toString())
                .put("endedAt", text(release.endedAt()))
                .put("outcome", text(release.outcome()))
                .put("rollbackAt", text(release.rollbackAt()))
                .put("reason", release.reason())
                .put("failedStep", release.failedStep())
                .put("journal", release.journal().toString());
        release.changes().forEach(node.putArray("changed")::add);
        release.plan().forEach(node.putArray("plan")::add);
        ArrayNode steps = node.putArray("steps");
        release.steps()
                .forEach(step -> steps.addObject()
                        .put("name", step.name())
                        .put("kind", step.kind().name())
                        .put("part", step.part().name())
                        .put("state", step.state().name())
                        .put("begunAt", step.begunAt().toString())
                        .put("endedAt", text(step.endedAt()))
                        .put("detail", step.detail()));
        return node;
    }

    /** One line for each, and one for each who is told of it. */
    static String incidentsText(List<Incident> incidents) {
        StringBuilder text = new StringBuilder();
        for (Incident incident : incidents) {
            text.append(line(incident)).append(NEW_LINE);
            for (Delivery delivery : incident.deliveries()) {
                text.append("  ")
                        .append(delivery.receiver())
                        .append(": ")
                        .append(delivery.state().name().toLowerCase(Locale.ROOT))
                        .append(delivery.error() == null ? "" : ", " + delivery.error())
                        .append(delivery.link() == null ? "" : ", " + delivery.link())
                        .append(NEW_LINE);
            }
        }
        return text.toString();
    }

    static String line(Incident incident) {
        Incident.Closing closing = incident.closing();
        return incident.id() + ": " + incident.outcome()
                + (closing == null ? ", to be closed until " + incident.dueAt() : ", closed by " + closing.by());
    }

    static ArrayNode incidentsJson(List<Incident> incidents, Instant now) {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        for (Incident incident : incidents) {
            Incident.Closing closing = incident.closing();
            ArrayNode deliveries = nodes.addObject()
                    .put("id", incident.id())
                    .put("version", incident.version())
                    .put("outcome", incident.outcome().name())
                    .put("reason", incident.reason())
                    .put("openedAt", incident.openedAt().toString())
                    .put("dueAt", incident.dueAt().toString())
                    .put("overdue", incident.isOverdue(now))
                    .put("closedBy", closing == null ? null : closing.by())
                    .putArray("deliveries");
            incident.deliveries()
                    .forEach(delivery -> deliveries
                            .addObject()
                            .put("receiver", delivery.receiver())
                            .put("state", delivery.state().name())
                            .put("error", delivery.error())
                            .put("link", text(delivery.link())));
        }
        return nodes;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
