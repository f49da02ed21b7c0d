package io.pratique.release.incidents;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.release.Step;
import io.pratique.release.incidents.Releasing.Verification;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that is begun for each incident. */
@Tag("S-6")
class PostMortemTest {

    @TempDir
    private Path directory;

    private Releasing releasing;
    private Path page;

    @BeforeEach
    void make() {
        releasing = new Releasing(directory.resolve("releases"));
        page = releasing.releases.resolve("files/1-v2/post-mortem.md");
    }

    @Test
    void tellsWhatIsKnownAndLeavesTheRestToPeople() throws Exception {
        releasing.rollBack(
                "v2",
                releasing
                        .incidents()
                        .service("worker")
                        .ticket(incident -> URI.create("https://tickets/7"))
                        .receiver("github", incident -> URI.create("https://issues/8")));

        assertThat(Files.readString(page))
                .startsWith("# Post-mortem of release v2\n")
                .contains("| service | worker |", "| outcome | ROLLED_BACK |", "| version before | unknown |")
                .contains("p95 is up \\| &lt;b>very")
                .contains("| ticket | https://tickets/7, https://issues/8 |", "| due | 2026-03-03T12:00:00Z |")
                .contains("| 2026-03-01T12:00:00Z | 2026-03-01T12:00:00Z | deploy action | done |")
                .contains("deploy verification | failed |")
                .contains("- deploy: undone")
                .endsWith("## Cause\n\n## Impact\n\n## Action items\n")
                .doesNotContain("{{");
    }

    @Test
    void tellsWhatCouldNotBeUndone() throws Exception {
        releasing.stuck = true;

        releasing.run("v2", Verification.FAILS, releasing.incidents());

        assertThat(Files.readString(page)).contains("- deploy: not undone, ", "it is stuck");
    }

    @Test
    void isNeverOverwritten() throws Exception {
        Files.createDirectories(page.getParent());
        Files.writeString(page, "written by ada");

        releasing.rollBack("v2", releasing.incidents());

        assertThat(page).hasContent("written by ada");
        try (var files = Files.list(page.getParent())) {
            assertThat(files).containsExactly(page);
        }
    }

    @Test
    void isOfAnotherTemplateIfTold() throws Exception {
        Path template = Files.writeString(
                directory.resolve("template.md"), "{{failedStep}} of {{id}}: {{reason}} {{unknown}} {{ version }}");

        releasing
                .plan("v2", Verification.PASSES)
                .step(Step.check("health", context -> {
                    throw new IllegalStateException("{{undone}} $1");
                }))
                .step(Step.notify("incident", releasing.incidents().postMortemTemplate(template)))
                .build()
                .run();

        assertThat(Files.readString(page))
                .startsWith("health of 1-v2: step \"health\" failed")
                .contains("{{undone}} $1")
                .endsWith(" {{unknown}} {{ version }}");
    }

    @Test
    void isBegunAlsoIfNobodyCanBeTold() throws Exception {
        releasing.rollBack("v2", releasing.incidents().receiver("team", incident -> {
            throw new AssertionError("broken");
        }));

        assertThat(page).isRegularFile();
    }
}
