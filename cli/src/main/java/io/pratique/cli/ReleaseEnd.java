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
 * @param changed what of the release may be there now; null if that is not known here
 * @param journal null if nothing was begun
 * @param next the command to go on with
 */
record ReleaseEnd(
        String version,
        String outcome,
        int exitCode,
        @Nullable String reason,
        @Nullable List<String> changed,
        @Nullable Path journal,
        List<String> next) {

    /** One line; the reason was told before. */
    String toText() {
        return outcome + " (exit code " + exitCode + "), " + shown(changed) + "; next: " + ShellWords.of(next);
    }

    private static String shown(@Nullable List<String> changed) {
        if (changed == null) {
            return "what is changed is not known";
        }
        return changed.isEmpty() ? "nothing is changed" : "changed: " + String.join(", ", changed);
    }

    String toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("version", version)
                .put("outcome", outcome)
                .put("exitCode", exitCode)
                .put("reason", reason)
                .put("journal", journal == null ? null : journal.toString())
                .put("next", ShellWords.of(next));
        if (changed == null) {
            node.putNull("changed");
        } else {
            changed.forEach(node.putArray("changed")::add);
        }
        return node.toPrettyString();
    }
}
