package io.pratique.release.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.release.InconclusiveException;
import io.pratique.release.io.Host;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a check says of the machine's resources. */
@Tag("S-3")
class ResourceCheckTest {

    @TempDir
    private Path directory;

    /** A machine of which all is known. */
    private record Told(long freeDisk, double loadPerProcessor, long freeMemory) implements Host {

        @Override
        public long freeDisk(Path path) throws IOException {
            if (freeDisk < 0) {
                throw new IOException("the disk does not answer");
            }
            return freeDisk;
        }

        @Override
        public long totalMemory() {
            return freeMemory;
        }
    }

    private Trial trial(ResourceCheck check) throws Exception {
        return Trial.of(directory, check);
    }

    @Test
    void passesWhereThereIsRoom() throws Exception {
        Trial trial = trial(ResourceCheck.ofHost()
                .freeDisk(directory, 1)
                .loadPerProcessor(1e6)
                .freeMemory(1));

        assertThat(trial.thrown()).isNull();
        assertThat(trial.told()).contains("bytes are free at", "load per processor is ", "bytes of memory are free");
    }

    @Test
    void tellsOfAMachineWhatCanBe() {
        assertThat(Host.THIS.freeMemory()).isPositive();
    }

    @Test
    void failsWithAllThatIsShort() throws Exception {
        Trial trial = trial(ResourceCheck.of(new Told(99, 2.5, 50))
                .freeDisk(directory, 100)
                .loadPerProcessor(2)
                .freeMemory(51));

        assertThat(trial.thrown())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("99 bytes are free at", ", not 100", "2.50, over 2.0", "50 bytes of memory");
    }

    @Test
    void passesAtTheBoundsThemselves() throws Exception {
        Trial trial = trial(ResourceCheck.of(new Told(100, 2, 51))
                .freeDisk(directory, 100)
                .loadPerProcessor(2)
                .freeMemory(51));

        assertThat(trial.thrown()).isNull();
    }

    @Test
    void failsIfThePathIsNotThere() throws Exception {
        Path missing = directory.resolve("missing");

        assertThat(trial(ResourceCheck.ofHost().freeDisk(missing, 1)).thrown())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(missing.toString(), "is not there");
    }

    @Test
    void cannotTellWithoutAFigure() throws Exception {
        ResourceCheck silent =
                ResourceCheck.of(new Told(-1, -1, 50)).freeDisk(directory, 1).loadPerProcessor(1);

        assertThat(trial(silent).thrown())
                .isInstanceOf(InconclusiveException.class)
                .hasMessageContainingAll("the disk does not answer", "the load is not told");
        assertThat(trial(silent.freeMemory(51)).thrown()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void wantsBoundsThatAreSome() {
        ResourceCheck check = ResourceCheck.ofHost();

        assertThatThrownBy(() -> check.freeDisk(directory, 0)).hasMessageContaining("\"0\"");
        assertThatThrownBy(() -> check.loadPerProcessor(Double.NaN)).hasMessageContaining("\"NaN\"");
        assertThatThrownBy(() -> check.freeMemory(-1)).hasMessageContaining("\"-1\"");
    }
}
