package io.pratique.examples.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pratique.examples.release.Runbook.Command;
import io.pratique.examples.release.Runbook.Export;
import io.pratique.examples.release.Runbook.Given;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("S-9")
class RunbookTest {

    @Test
    void whatIsInBlocksIsRunInItsOrder() {
        Runbook runbook = Runbook.read(List.of(
                "Ask `pratique release status`.",
                "<!-- given: rain -->",
                "```sh",
                "export WHO=ada",
                "pratique lock status",
                "",
                "pratique release run       # exit code 6",
                "```"));

        assertThat(runbook.entries())
                .containsExactly(
                        new Given("rain"),
                        new Export("export WHO=ada"),
                        new Command("pratique lock status", 0),
                        new Command("pratique release run       # exit code 6", 6));
        assertThat(runbook.mentions()).containsExactly("pratique release status");
    }

    @Test
    void noCommandHidesInAnIllustration() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Runbook.read(List.of("```console", "# Illustration: psql", "pratique lock break", "```")))
                .withMessageContaining("hides a command");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Runbook.read(List.of("```console", "psql", "```")))
                .withMessageContaining("# Illustration");
    }

    @Test
    void noOtherToolHidesBetweenCommands() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Runbook.read(List.of("```sh", "kubectl get pods", "```")))
                .withMessageContaining("kubectl");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Runbook.read(List.of("<!-- givn: rain -->")))
                .withMessageContaining("givn");
    }
}
