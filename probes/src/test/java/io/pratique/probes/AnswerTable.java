package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.FlagClient;
import io.pratique.readiness.HealthReport;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ReadinessGate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What each answer of a system is taken for, as the guide shows it. A row of the guide is
 * {@code | what the system does | `OUTCOME` |}, between {@code <!-- answers: JdbcProbe -->} and {@code <!-- end -->}.
 */
final class AnswerTable {

    private static final Path GUIDE = Path.of("../docs/guide/probes.md");

    private static final Pattern ROW = Pattern.compile("\\| (.+?) \\| `([A-Z]+)` \\|");

    /** Of a machine that is busy with other things; nothing here waits for its end. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private AnswerTable() {}

    /**
     * One row, and how to make the system answer so.
     *
     * @param probe the class of the probe
     * @param answer what the system does, in the words of the guide
     * @param outcome what a gate takes it for
     * @param scene makes the system answer so, and gives the probe that asks it
     */
    record Case(String probe, String answer, Outcome outcome, Callable<Probe> scene) {

        /** Has a real gate ask, and compares. */
        HealthReport.Check verify() throws Exception {
            HealthReport.Check check = ask(scene.call());
            assertThat(check.outcome()).as("%s: %s: %s", probe, answer, check).isEqualTo(outcome);
            return check;
        }

        String row() {
            return "| " + answer + " | `" + outcome + "` |";
        }

        @Override
        public String toString() {
            return probe + ": " + answer;
        }
    }

    /** What a gate makes of the first check of a probe. */
    static HealthReport.Check ask(Probe probe) {
        try (FlagClient flags = FlagClient.builder().build();
                ReadinessGate gate = ReadinessGate.builder()
                        .flags(flags)
                        .probe("asked", probe)
                        .build()) {
            return await().atMost(PATIENCE)
                    .until(() -> gate.health().checks().get(0), check -> check.outcome() != Outcome.PENDING);
        }
    }

    /** The guide shows these rows for this probe, in this order, and no others. */
    static void assertShown(String probe, List<Case> cases) {
        assertThat(rows(probe))
                .as("rows of %s in %s", probe, GUIDE)
                .isEqualTo(cases.stream()
                        .filter(each -> each.probe().equals(probe))
                        .map(Case::row)
                        .toList());
    }

    private static List<String> rows(String probe) {
        Matcher table = Pattern.compile("<!-- answers: " + probe + " -->(.*?)<!-- end -->", Pattern.DOTALL)
                .matcher(guide());
        assertThat(table.find()).as("a table of %s in %s", probe, GUIDE).isTrue();
        return table.group(1)
                .lines()
                .filter(line -> ROW.matcher(line).matches())
                .toList();
    }

    private static String guide() {
        try {
            return Files.readString(GUIDE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
