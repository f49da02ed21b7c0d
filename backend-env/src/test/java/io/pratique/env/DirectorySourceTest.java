package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.flags.spi.FlagSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("B-1")
class DirectorySourceTest {

    @TempDir
    private Path temp;

    private Path dir;
    private EnvFlagSource source;
    private final ScriptedPause pause = new ScriptedPause();
    private final CapturedLog log = new CapturedLog();

    @BeforeEach
    void open() throws IOException {
        dir = Files.createDirectory(temp.resolve("flags"));
        source = over(dir);
    }

    @AfterEach
    void close() {
        source.close();
        log.close();
    }

    private EnvFlagSource over(Path path) {
        return new EnvFlagSource("directory", new DirectoryOrigin(path), Naming.DEFAULT, pause);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(dir.resolve(name), text);
    }

    private void assertOutage(String... fragments) {
        assertThatThrownBy(source::load)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("\"" + dir + "\"")
                .hasMessageContainingAll(fragments);
    }

    @Nested
    class Plain {

        @Test
        void filesAreVariables() throws Exception {
            write("OUTBOX_PROCESSING_ENABLED", "off\n");
            write("cleanup", "on");
            write("webhook.enabled", "no\r\n");
            write("NOTES", "not a flag");

            assertThat(Texts.of(source))
                    .containsOnly(
                            Map.entry("outbox-processing", "off"),
                            Map.entry("cleanup", "on"),
                            Map.entry("webhook", "no"));
        }

        @Test
        void onlyTheLastLineEndIsTakenOff() throws Exception {
            write("A_ENABLED", "x\n\n");
            write("B_ENABLED", "\n");
            write("C_ENABLED", "");
            write("D_ENABLED", " y\r");

            assertThat(Texts.of(source))
                    .containsOnly(
                            Map.entry("a", "x\n"), Map.entry("b", ""), Map.entry("c", ""), Map.entry("d", " y\r"));
        }

        @Test
        void hiddenFilesAndDirectoriesArePassedOver() throws Exception {
            write("A_ENABLED", "off");
            write(".B_ENABLED", "off");
            write(".C_ENABLED.swp", "off");
            Files.createDirectories(dir.resolve("D_ENABLED/deep"));

            assertThat(Texts.of(source)).containsExactly(Map.entry("a", "off"));
        }

        @Test
        void linksToFilesAreFollowed() throws Exception {
            Path target = Files.writeString(temp.resolve("target"), "off");
            Files.createSymbolicLink(dir.resolve("A_ENABLED"), target);

            assertThat(Texts.of(source)).containsExactly(Map.entry("a", "off"));
        }

        @Test
        void filesThatAreNoTextHarmNobody() throws Exception {
            byte[] binary = new byte[3 << 20];
            binary[0] = (byte) 0xC3;
            Files.write(dir.resolve("truststore.jks"), binary);
            write("A_ENABLED", "off");
            write("B_ENABLED", "z".repeat(1 << 20));

            Map<String, String> texts = Texts.of(source);

            assertThat(texts).containsOnlyKeys("a", "b").containsEntry("a", "off");
            assertThat(texts.get("b")).hasSize(1 << 16);
        }

        @Test
        void emptyDirectoryIsNewsAndSoIsAVanishedFile() throws Exception {
            assertThat(Texts.of(source)).isEmpty();
            write("A_ENABLED", "off");
            write("B_ENABLED", "off");
            assertThat(Texts.of(source)).containsOnlyKeys("a", "b");
            Files.delete(dir.resolve("A_ENABLED"));
            assertThat(Texts.of(source)).containsOnlyKeys("b");
            Files.delete(dir.resolve("B_ENABLED"));
            assertThat(Texts.of(source)).isEmpty();
        }

        @Test
        void tenThousandFilesAreRead() throws Exception {
            for (int i = 0; i < 10_000; i++) {
                write("flag-" + i, i % 2 == 0 ? "on" : "off");
            }

            assertThat(Texts.of(source)).hasSize(10_000).containsEntry("flag-9999", "off");
        }

        @Test
        void fileThatIsBeingWrittenIsWaitedFor() throws Exception {
            write("A_ENABLED", "");
            pause.then(() -> write("A_ENABLED", "of"), () -> write("A_ENABLED", "off"), () -> write("B_ENABLED", "on"));

            assertThat(Texts.of(source)).containsOnly(Map.entry("a", "off"), Map.entry("b", "on"));
        }

        @Test
        void contradictingFilesAreWarnedOf() throws Exception {
            write("OUTBOX_ENABLED", "on");
            write("outbox", "off\n");

            assertThat(Texts.of(source)).containsExactly(Map.entry("outbox", "on"));
            assertThat(log.warnings())
                    .containsExactly("Flag outbox in source directory has two values: "
                            + "OUTBOX_ENABLED=on decides, outbox=off is passed over");
        }
    }

    /** The link is there, so its flag is not gone; what it leads to is not, so nobody can tell what it says. */
    @Nested
    class LinkThatLeadsNowhere {

        @Test
        void costsNoOtherFlag() throws Exception {
            write("A_ENABLED", "off");
            Files.createSymbolicLink(dir.resolve("SECRET_NAME"), temp.resolve("elsewhere"));
            Files.createSymbolicLink(dir.resolve("LOOSE"), Path.of("nowhere"));

            assertThat(Texts.of(source)).containsExactly(Map.entry("a", "off"));
            write("A_ENABLED", "on");
            assertThat(Texts.of(source)).containsExactly(Map.entry("a", "on"));
            assertThat(log.everything()).isEmpty();
        }

        /** A set without it would be news, and lift a kill. */
        @Test
        void spoilsItsOwnFlagUntilItLeadsSomewhereAgain() throws Exception {
            Path target = Files.writeString(temp.resolve("target"), "off");
            Files.createSymbolicLink(dir.resolve("A_ENABLED"), target);
            write("ENABLE_A", "on");
            write("B_ENABLED", "on");
            assertThat(Texts.of(source)).containsOnly(Map.entry("a", "off"), Map.entry("b", "on"));

            Files.delete(target);
            assertThat(Texts.of(source)).containsOnly(Map.entry("a", ""), Map.entry("b", "on"));

            Files.writeString(target, "no");
            assertThat(Texts.of(source)).containsOnly(Map.entry("a", "no"), Map.entry("b", "on"));

            Files.delete(dir.resolve("A_ENABLED"));
            assertThat(Texts.of(source)).containsOnly(Map.entry("a", "on"), Map.entry("b", "on"));
        }
    }

    @Nested
    class Outages {

        @Test
        void missingDirectory() throws Exception {
            Files.delete(dir);
            assertOutage("is missing");

            Files.createDirectory(dir);
            assertThat(Texts.of(source)).isEmpty();
        }

        @Test
        void fileInThePlaceOfTheDirectory() throws Exception {
            Files.delete(dir);
            Files.writeString(dir, "A_ENABLED=off");

            assertOutage("is not a directory");
        }

        /** A link to itself is refused to everybody, also to a superuser, who may read what others may not. */
        @Test
        void fileThatCannotBeRead() throws Exception {
            write("A_ENABLED", "off");
            Files.createSymbolicLink(dir.resolve("SECRET_NAME"), Path.of("SECRET_NAME"));

            assertOutage("has a file that cannot be read", "FileSystem");
            assertThatThrownBy(source::load).message().doesNotContain("SECRET_NAME");
        }
    }

    @Nested
    class Mount {

        private final Map<String, String> texts = new HashMap<>();
        private ConfigMapMount mount;

        @BeforeEach
        void publish() throws IOException {
            mount = new ConfigMapMount(dir);
            texts.putAll(Map.of("OUTBOX_PROCESSING_ENABLED", "off", "cleanup", "on"));
            mount.publish(texts);
        }

        @Test
        void isReadThroughItsLink() throws Exception {
            assertThat(Texts.of(source))
                    .containsOnly(Map.entry("outbox-processing", "off"), Map.entry("cleanup", "on"));
        }

        @Test
        void nextGenerationReplacesAll() throws Exception {
            FlagSet before = source.load();
            mount.publish(Map.of("cleanup", "off", "voice-retry", "off"));

            assertThat(Texts.of(source.reload(before)))
                    .containsOnly(Map.entry("cleanup", "off"), Map.entry("voice-retry", "off"));
        }

        @Test
        void emptyGenerationIsNews() throws Exception {
            source.load();
            mount.publish(Map.of());

            assertThat(Texts.of(source)).isEmpty();
        }

        @Test
        void withoutItsLinkIsAnOutage() throws Exception {
            source.load();
            Files.delete(dir.resolve("..data"));

            assertOutage("..data");
        }

        @Test
        void whoseLinkLeadsNowhereIsAnOutage() throws Exception {
            source.load();
            Files.move(mount.generationDir(), temp.resolve("away"));

            assertOutage("is missing");

            Files.move(temp.resolve("away"), mount.generationDir());
            assertThat(Texts.of(source)).containsOnlyKeys("outbox-processing", "cleanup");
        }

        /** What is left of a volume that was unmounted: the empty directory below it. */
        @Test
        void thatIsGoneAltogetherIsAnOutage() throws Exception {
            source.load();
            Files.move(dir, temp.resolve("away"));
            Files.createDirectory(dir);

            assertOutage("has lost its \"..data\"");
        }

        @Test
        void foundWithoutItsLinkIsAnOutageFromTheStart() throws Exception {
            Files.delete(dir.resolve("..data"));

            assertOutage("without \"..data\"");
        }

        @Test
        void foundWithNothingButDeadLinksIsAnOutageFromTheStart() throws Exception {
            Files.delete(dir.resolve("..data"));
            Files.move(mount.generationDir(), temp.resolve("away"));

            assertOutage("without \"..data\"");
        }
    }
}
