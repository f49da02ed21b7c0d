package io.pratique.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command that releases says last.
 *
 * @param version of the release
 * @param outcome one of a release, or why none was begun
 * @param exitCode of the command
 * @param reason for people; null if all went well
 * @param changed what of the release may be there now
 * @param journal null if nothing was begun
 * @param next the command to go on with
 */
record ReleaseEnd(
        String version,
        String outcome,
        int exitCode,
        @Nullable String reason,
        List<String> changed,
        @Nullable Path journal,
        List<String> next) {

    /** One line; the reason was told before. */
    String toText() {
        return outcome + " (exit code " + exitCode + "), "
                + (changed.isEmpty() ? "nothing is changed" : "changed: " + String.join(", ", changed))
                + "; next: " + ShellWords.of(next);
    }

    String toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("version", version)
                .put("outcome", outcome)
                .put("exitCode", exitCode)
                .put("reason", reason)
                .put("journal", journal == null ? null : journal.toString())
                .put("next", ShellWords.of(next));
        changed.forEach(node.putArray("changed")::add);
        return node.toPrettyString();
    }
}
