package io.pratique.release;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;

/**
 * What the checks of a release say before anything is begun.
 *
 * @param version what is to be released
 * @param checks in their order; those behind one that has not passed were not run
 */
public record ReadinessReport(String version, List<Check> checks) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Copies the list.
     *
     * @param version what is to be released
     * @param checks in their order
     */
    public ReadinessReport {
        checks = List.copyOf(checks);
    }

    /** What came of a check. */
    public enum Result {
        /** All is as it should be. */
        PASSED,
        /** Something is not. */
        FAILED,
        /** Nobody can tell. */
        INCONCLUSIVE,
        /** One before it has not passed. */
        NOT_RUN
    }

    /**
     * One check.
     *
     * @param name of its step
     * @param result what came of it
     * @param detail for people; empty if there is nothing to say
     * @param took how long it ran
     */
    public record Check(String name, Result result, String detail, Duration took) {}

    /**
     * Whether the release may begin.
     *
     * @return true if every check has passed
     */
    public boolean isGo() {
        return checks.stream().allMatch(check -> check.result() == Result.PASSED);
    }

    /**
     * What a process that asked for this ends with.
     *
     * @return 0 if it may begin, 6 if nobody can tell, else 4, as {@link ReleaseOutcome#exitCode} has them
     */
    public int exitCode() {
        if (isGo()) {
            return ReleaseOutcome.DONE.exitCode();
        }
        boolean failed = checks.stream().anyMatch(check -> check.result() == Result.FAILED);
        return (failed ? ReleaseOutcome.NOTHING_CHANGED : ReleaseOutcome.INCONCLUSIVE).exitCode();
    }

    private String verdict() {
        return isGo() ? "GO" : "NO-GO";
    }

    /**
     * The report as a page.
     *
     * @return Markdown with a line end at its end
     */
    public String toMarkdown() {
        StringBuilder page = new StringBuilder("# Release " + version + ": " + verdict() + "\n\n");
        page.append("| check | result | seconds | |\n|---|---|---|---|\n");
        for (Check check : checks) {
            page.append("| ")
                    .append(check.name())
                    .append(" | ")
                    .append(check.result())
                    .append(" | ")
                    .append((double) check.took().toMillis() / 1_000)
                    .append(" | ")
                    .append(check.detail().replace("|", "\\|"))
                    .append(" |\n");
        }
        return page.toString();
    }

    /**
     * The report for programs.
     *
     * @return a JSON object
     */
    public String toJson() {
        ObjectNode report = JSON.createObjectNode().put("version", version).put("verdict", verdict());
        ArrayNode list = report.putArray("checks");
        checks.forEach(check -> list.addObject()
                .put("name", check.name())
                .put("result", check.result().name())
                .put("detail", check.detail())
                .put("milliseconds", check.took().toMillis()));
        return report.toString();
    }
}
