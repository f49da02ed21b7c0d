package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.probes.AnswerTable.Case;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults that only a superuser can cause on a real disk are thrown as the JDK throws them; that of a full one is real. */
@Tag("P-3")
class DirectoryProbeTest {

    @TempDir
    private static Path root;

    private static Path newDirectory() throws IOException {
        return Files.createTempDirectory(root, "probed");
    }

    private static Case thrown(String probe, String answer, Outcome outcome, Exception failure) {
        return new Case(probe, answer, outcome, () -> throwing(DirectoryProbe.of(root), failure));
    }

    /** The probe, if its check found that. */
    private static Probe throwing(Probe probe, Exception failure) {
        return new Probe() {
            @Override
            public ProbeResult check() throws Exception {
                throw failure;
            }

            @Override
            public ProbeResult classify(Throwable thrown) {
                return probe.classify(thrown);
            }
        };
    }

    /** What the JDK throws when a file could be made, and has no room for its first byte. */
    private static Exception diskFull() {
        try {
            Files.write(Path.of("/dev/full"), new byte[] {1});
        } catch (FileSystemException noSuchDevice) {
            return new IOException("No space left on device");
        } catch (IOException full) {
            return full;
        }
        throw new AssertionError("/dev/full takes bytes");
    }

    static Stream<Case> answers() {
        String path = "/mnt/x";
        return Stream.of(
                row("a file can be written and deleted", Outcome.UP, () -> DirectoryProbe.of(newDirectory())),
                row(
                        "not there, or a dangling link",
                        Outcome.DOWN,
                        () -> DirectoryProbe.of(
                                Files.createSymbolicLink(newDirectory().resolve("link"), Path.of("nowhere")))),
                row("no directory", Outcome.DOWN, () -> DirectoryProbe.of(Files.createTempFile(root, "a", "b"))),
                row(
                        "`marker(..)` not there",
                        Outcome.DOWN,
                        () -> DirectoryProbe.of(newDirectory()).marker("mounted")),
                thrown("DirectoryProbe", "no right to write", Outcome.DOWN, new AccessDeniedException(path)),
                thrown(
                        "DirectoryProbe",
                        "mounted read-only",
                        Outcome.DOWN,
                        new FileSystemException(path, null, "Read-only file system")),
                thrown(
                        "DirectoryProbe",
                        "mount stale or broken, I/O error",
                        Outcome.DOWN,
                        new FileSystemException(path, null, "Stale file handle")),
                thrown("DirectoryProbe", "disk or quota full", Outcome.SATURATED, diskFull()),
                row(
                        "less than `minimumFree(..)`",
                        Outcome.SATURATED,
                        () -> DirectoryProbe.of(newDirectory()).minimumFree(Long.MAX_VALUE)),
                thrown(
                        "DirectoryProbe",
                        "this process has too many files open",
                        Outcome.BROKEN,
                        new FileSystemException(path, null, "Too many open files")));
    }

    private static Case row(String answer, Outcome outcome, Callable<Probe> scene) {
        return new Case("DirectoryProbe", answer, outcome, scene);
    }

    static Stream<Case> diskAnswers() {
        return Stream.of(
                disk("room enough", Outcome.UP, () -> DiskSpaceProbe.of(root).saturatedOver(100)),
                disk(
                        "more used than `saturatedOver(..)`, 90 % unless set",
                        Outcome.SATURATED, () -> DiskSpaceProbe.of(root).saturatedOver(0)),
                disk(
                        "less free than `saturatedBelow(..)`",
                        Outcome.SATURATED,
                        () -> DiskSpaceProbe.of(root).saturatedOver(100).saturatedBelow(Long.MAX_VALUE)),
                disk(
                        "more used than `downOver(..)`",
                        Outcome.DOWN,
                        () -> DiskSpaceProbe.of(root).downOver(0)),
                disk(
                        "less free than `downBelow(..)`",
                        Outcome.DOWN,
                        () -> DiskSpaceProbe.of(root).downBelow(Long.MAX_VALUE)),
                disk("path not there", Outcome.DOWN, () -> DiskSpaceProbe.of(root.resolve("nowhere"))),
                disk(
                        "file system that does not tell its size",
                        Outcome.BROKEN,
                        () -> DiskSpaceProbe.of(Path.of("/proc/self"))));
    }

    private static Case disk(String answer, Outcome outcome, Callable<Probe> scene) {
        return new Case("DiskSpaceProbe", answer, outcome, scene);
    }

    @ParameterizedTest
    @MethodSource({"answers", "diskAnswers"})
    @Tag("R-3")
    @Tag("P-4")
    void isTakenFor(Case each) throws Exception {
        each.verify();
    }

    @Test
    void isTakenForAsTheGuideSays() {
        AnswerTable.assertShown("DirectoryProbe", answers().toList());
        AnswerTable.assertShown("DiskSpaceProbe", diskAnswers().toList());
    }

    @Nested
    class Check {

        @Test
        void leavesNothingBehind() throws IOException {
            Path directory = newDirectory();
            Files.createFile(directory.resolve("mounted"));

            assertThat(DirectoryProbe.of(directory)
                            .marker("mounted")
                            .minimumFree(1)
                            .check()
                            .outcome())
                    .isEqualTo(Outcome.UP);

            assertThat(directory).isDirectoryContaining("glob:**/mounted");
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).hasSize(1);
            }
        }

        /** Making the file fails with its name, writing to it without. */
        @Test
        void isToldTheSameByTheFileAndByItsName() {
            DirectoryProbe probe = DirectoryProbe.of(root);
            assertThat(probe.classify(new FileSystemException("/mnt/x", null, "Disk quota exceeded")))
                    .hasToString("SATURATED (Disk quota exceeded)");
            assertThat(probe.classify(new IOException("Disk quota exceeded")))
                    .hasToString("SATURATED (Disk quota exceeded)");
            assertThat(probe.classify(new IOException("Stale file handle"))).hasToString("DOWN (Stale file handle)");
            assertThat(probe.classify(new IOException("Too many open files"))).isNull();
        }

        @Test
        void ofAReadOnlyFileSystemOfTheJdkIsDown() {
            assertThat(DirectoryProbe.of(root)
                            .classify(new ReadOnlyFileSystemException())
                            .outcome())
                    .isEqualTo(Outcome.DOWN);
            assertThat(DirectoryProbe.of(root).classify(new IOException("who knows")))
                    .isNull();
        }
    }

    @Test
    void refusesWhatIsOutOfRange() {
        DirectoryProbe probe = DirectoryProbe.of(root);
        assertThatThrownBy(() -> DirectoryProbe.of(null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> probe.marker("../mounted")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> probe.marker("/mounted")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> probe.marker("a\0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> probe.minimumFree(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DiskSpaceProbe.of(null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DiskSpaceProbe.of(root).saturatedOver(101))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DiskSpaceProbe.of(root).downOver(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DiskSpaceProbe.of(root).saturatedBelow(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DiskSpaceProbe.of(root).downBelow(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
