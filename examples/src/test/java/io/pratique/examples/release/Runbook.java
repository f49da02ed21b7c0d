package io.pratique.examples.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a runbook, in their order, and what must be so before them.
 *
 * @param entries in the order of the page
 * @param mentions the beginnings of commands that stand in sentences
 */
record Runbook(List<Entry> entries, List<String> mentions) {

    private static final Pattern GIVEN = Pattern.compile("<!-- given: (.+) -->");
    private static final Pattern EXIT_CODE = Pattern.compile("# exit code (\\d+)$");
    private static final Pattern COMMAND = Pattern.compile("\\bpratique\\s+[a-z]");
    private static final Pattern MENTION = Pattern.compile("`(pratique [^`]+)`");

    /** One line of the page. */
    sealed interface Entry {}

    /** What must be so before what follows. */
    record Given(String what) implements Entry {}

    /** A variable for all commands that follow. */
    record Export(String line) implements Entry {}

    /** A command, and what it ends with. */
    record Command(String line, int exitCode) implements Entry {}

    static Runbook read(Path page) throws IOException {
        return read(Files.readAllLines(page));
    }

    static Runbook read(List<String> lines) {
        Runbook runbook = new Runbook(new ArrayList<>(), new ArrayList<>());
        String fence = null;
        boolean first = false;
        for (String line : lines) {
            if (line.startsWith("```")) {
                fence = fence == null ? line.substring(3) : null;
                first = fence != null;
            } else if (fence == null) {
                runbook.addProse(line);
            } else if (fence.equals("sh")) {
                runbook.addRun(line);
            } else {
                requireIllustration(line, first);
                first = false;
            }
        }
        return runbook;
    }

    private void addProse(String line) {
        Matcher given = GIVEN.matcher(line);
        if (given.matches()) {
            entries.add(new Given(given.group(1)));
        } else if (line.contains("<!--") || line.startsWith("    ")) {
            throw new IllegalArgumentException("neither a comment nor a block that the test knows: " + line);
        }
        MENTION.matcher(line).results().forEach(mention -> mentions.add(mention.group(1)));
    }

    private void addRun(String line) {
        if (line.startsWith("export ")) {
            entries.add(new Export(line));
        } else if (line.startsWith("pratique ")) {
            Matcher code = EXIT_CODE.matcher(line);
            entries.add(new Command(line, code.find() ? Integer.parseInt(code.group(1)) : 0));
        } else if (!line.isBlank()) {
            throw new IllegalArgumentException("a block that is run holds exports and pratique commands, not: " + line);
        }
    }

    private static void requireIllustration(String line, boolean first) {
        if (first && !line.startsWith("# Illustration")) {
            throw new IllegalArgumentException("a block that is not run begins with \"# Illustration\", not: " + line);
        }
        if (COMMAND.matcher(line).find()) {
            throw new IllegalArgumentException("an illustration hides a command that no test runs: " + line);
        }
    }

    List<Command> commands() {
        return entries.stream()
                .filter(Command.class::isInstance)
                .map(Command.class::cast)
                .toList();
    }
}
