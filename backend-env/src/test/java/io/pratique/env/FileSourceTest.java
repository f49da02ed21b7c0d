package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B-1")
class FileSourceTest {

    @TempDir
    private Path dir;

    private Path file;
    private EnvFlagSource source;
    private final ScriptedPause pause = new ScriptedPause();
    private final CapturedLog log = new CapturedLog();

    @BeforeEach
    void open() {
        file = dir.resolve("flags.env");
        source = over(file, FileOrigin.Format.DOTENV);
    }

    @AfterEach
    void close() {
        source.close();
        log.close();
    }

    private EnvFlagSource over(Path path, FileOrigin.Format format) {
        return new EnvFlagSource("file", new FileOrigin(path, format), Naming.DEFAULT, pause);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private void assertOutage(String... fragments) {
        assertThatThrownBy(source::load)
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("\"" + file + "\"")
                .hasMessageContainingAll(fragments);
    }

    @Nested
    class Names {

        @ParameterizedTest
        @ValueSource(strings = {".env", ".env.local", "flags.env", ".env.properties", "flags.properties", "x/y/.env"})
        void tellHowTheFileIsWritten(String name) {
            assertThat(EnvFlagSource.file(Path.of(name)).name()).isEqualTo("file:" + name);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "/", "flags", "flags.yaml", "env", "properties", "flags.env.bak"})
        void thatTellNothingAreRefused(String name) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EnvFlagSource.file(Path.of(name)))
                    .withMessageContaining("\"" + name + "\"")
                    .withMessageContaining("dotEnvFile");
        }

        @Test
        void formatCanBeSaidInstead() throws Exception {
            Path odd = Files.writeString(dir.resolve("flags"), "export A_ENABLED='off'");
            Path other = Files.writeString(dir.resolve("others"), "a.enabled: off");

            try (EnvFlagSource dotEnv = EnvFlagSource.dotEnvFile(odd);
                    EnvFlagSource properties = EnvFlagSource.propertiesFile(other)) {
                assertThat(Texts.of(dotEnv)).containsExactly(Map.entry("a", "off"));
                assertThat(Texts.of(properties)).containsExactly(Map.entry("a", "off"));
            }
        }

        @Test
        void ofSourcesShowNoControlCharacters() {
            assertThat(EnvFlagSource.dotEnvFile(Path.of("a\nb")).name()).isEqualTo("file:a?b");
            assertThat(EnvFlagSource.directory(Path.of("flags")).name()).isEqualTo("directory:flags");
        }
    }

    @Nested
    class Content {

        @Test
        void ofADotEnvFileIsRead() throws Exception {
            write("# flags\nexport OUTBOX_PROCESSING_ENABLED=off # for now\nENABLE_CLEANUP=\"on\"\nDATABASE_URL=x\n");

            assertThat(Texts.of(source))
                    .containsOnly(Map.entry("outbox-processing", "off"), Map.entry("cleanup", "on"));
        }

        @Test
        void ofAPropertiesFileIsRead() throws Exception {
            source = over(file, FileOrigin.Format.PROPERTIES);
            write("""
                    # flags
                    ! more
                    outbox-processing = off
                    cleanup.enabled: \\u006fn
                    enable.voice.retry   no
                    webhook\\
                      -processing=1
                    empty-flag.enabled
                    empty.flag
                    """);

            assertThat(Texts.of(source))
                    .containsOnly(
                            Map.entry("outbox-processing", "off"),
                            Map.entry("cleanup", "on"),
                            Map.entry("voice-retry", "no"),
                            Map.entry("webhook-processing", "1"),
                            Map.entry("empty-flag", ""));
        }

        @ParameterizedTest
        @CsvSource({"DOTENV", "PROPERTIES"})
        void mayBeginWithAByteOrderMarkAndEndLinesInTwoCharacters(FileOrigin.Format format) throws Exception {
            source = over(file, format);
            write("\uFEFFA_ENABLED=off\r\nB_ENABLED=ön\r\n");

            assertThat(Texts.of(source)).containsOnly(Map.entry("a", "off"), Map.entry("b", "ön"));
        }

        @Test
        void thatIsEmptyIsNews() throws Exception {
            write("A_ENABLED=off");
            FlagSet before = source.load();
            write("");

            assertThat(source.reload(before)).isSameAs(FlagSet.empty());
        }

        @Test
        void thatContradictsItselfIsWarnedOf() throws Exception {
            write("A_ENABLED=off\nA_ENABLED=on\n");

            assertThat(Texts.of(source)).containsExactly(Map.entry("a", "on"));
            assertThat(log.warnings())
                    .containsExactly(
                            "Flag a in source file has two values: A_ENABLED=on decides, A_ENABLED=off is passed over");
        }

        @Test
        void thatIsLongIsRead() throws Exception {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 10_000; i++) {
                text.append("FLAG_")
                        .append(i)
                        .append("_ENABLED=")
                        .append(i % 2 == 0 ? "on" : "off")
                        .append('\n');
            }
            write(text.toString());

            assertThat(Texts.of(source)).hasSize(10_000).containsEntry("flag-9999", "off");
        }
    }

    @Nested
    class BadLines {

        @Test
        void doNotDeleteTheFlagTheyName() throws Exception {
            write("A_ENABLED=off\nB_ENABLED=off\n");
            source.load();

            write("A_ENABLED=\"off\nB_ENABLED off\n");

            assertThat(Texts.of(source)).containsOnlyKeys("a", "b");
            assertThat(Texts.of(source).values()).allMatch(text -> FlagText.parse(text) == null);
        }

        @Test
        void areReportedByNumberOncePerContent() throws Exception {
            write("s3cret line\nA_ENABLED=off\nB='s3cret\n");
            assertThat(Texts.of(source)).containsExactly(Map.entry("a", "off"));
            source.load();
            Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(0));
            source.load();
            assertThat(log.warnings())
                    .containsExactly("Flag source file has 2 lines that do not parse and are passed over: [1, 3]");

            write("s3cret line\nA_ENABLED=on\nB='s3cret\n");
            source.load();
            assertThat(log.warnings()).hasSize(2);
            assertThat(log.everything()).doesNotContain("s3cret");
        }

        @Test
        void areReportedAsMended() throws Exception {
            write("junk\nA_ENABLED=off\n");
            source.load();
            write("A_ENABLED=off\n");
            source.load();
            source.load();

            assertThat(log.at(Level.INFO)).containsExactly("All lines of flag source file parse again");
        }

        @Test
        void areNamedByTheFirstOfThem() throws Exception {
            write("junk\n".repeat(5_000));
            source.load();

            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("5000 lines")
                    .endsWith("19, 20] and more");
        }
    }

    @Nested
    class Outages {

        @Test
        void missingFile() throws Exception {
            assertOutage("is missing");

            write("A_ENABLED=off");
            assertThat(Texts.of(source)).containsExactly(Map.entry("a", "off"));

            Files.delete(file);
            assertOutage("is missing");
            assertOutage("is missing");

            write("");
            assertThat(Texts.of(source)).isEmpty();
        }

        @Test
        void missingDirectoryOfTheFile() {
            file = dir.resolve("not/yet/flags.env");
            source = over(file, FileOrigin.Format.DOTENV);

            assertOutage("is missing");
        }

        @Test
        void fileInThePlaceOfTheDirectoryOfTheFile() throws Exception {
            file = Files.writeString(dir.resolve("file"), "").resolve("flags.env");
            source = over(file, FileOrigin.Format.DOTENV);

            // Newer JDKs say that such a file is missing, older ones that it cannot be read.
            assertOutage("The flag file");
        }

        @Test
        void directoryInThePlaceOfTheFile() throws Exception {
            Files.createDirectory(file);

            assertOutage("is not a regular file");
        }

        @Test
        void linkThatLeadsNowhere() throws Exception {
            Files.createSymbolicLink(file, Path.of("..data", "flags.env"));

            assertOutage("is missing");
        }

        @Test
        void linkThatLeadsToItself() throws Exception {
            Files.createSymbolicLink(file, file);

            assertOutage("cannot be read");
        }

        @Test
        void bytesThatAreNotUtf8() throws Exception {
            Files.write(file, "A_ENABLED=öff".getBytes(StandardCharsets.ISO_8859_1));

            assertOutage("is not UTF-8");
        }

        @Test
        void nulCharacters() throws Exception {
            write("A_ENABLED=off\0\0\0");

            assertOutage("NUL");
        }

        @Test
        void moreThanAMebibyte() throws Exception {
            write("A_ENABLED=off\n" + "#".repeat(1 << 20));
            assertOutage("1 MiB");

            write("A_ENABLED=off\n" + "#".repeat((1 << 20) - 14));
            assertThat(Texts.of(source)).containsExactly(Map.entry("a", "off"));
        }

        @Test
        void unfinishedEscapeInAPropertiesFile() throws Exception {
            source = over(file, FileOrigin.Format.PROPERTIES);
            write("a.enabled=off\nb=\\u00");

            assertOutage("\\u");
        }

        @Test
        void endByThemselvesAndForgetNothing() throws Exception {
            write("OUTBOX=off");
            FlagSet before = source.load();
            Files.delete(file);
            assertOutage("is missing");
            write("OUTBOX=offf");

            assertThat(Texts.of(source.reload(before))).containsExactly(Map.entry("outbox", "offf"));
        }
    }

    /** The pauses are scripted: what is said to be written in a pause is written between two looks. */
    @Nested
    class HalfWritten {

        @Test
        void firstLoadWaitsUntilTheFileIsStill() throws Exception {
            write("A_ENABLED=on");
            pause.then(() -> append("\nA_ENABLED=off"), () -> append("\nB_ENABLED=off"), () -> append("\n"));

            assertThat(Texts.of(source)).containsOnly(Map.entry("a", "off"), Map.entry("b", "off"));
            assertThat(pause.pauses()).isEqualTo(4);
        }

        @Test
        void firstLoadGivesUpInTheEnd() throws Exception {
            write("A_ENABLED=on");
            for (int i = 0; i < 5; i++) {
                pause.then(() -> append("\n"));
            }

            assertThatThrownBy(source::load)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("\"file\"")
                    .hasMessageContaining("being written");
            assertThat(Texts.of(source)).containsExactly(Map.entry("a", "on"));
        }

        @Test
        void laterLoadGivesWhatWasThereBefore() throws Exception {
            write("A_ENABLED=off\nB_ENABLED=off\n");
            FlagSet before = source.load();
            write("A_ENABLED=off\n");
            pause.then(() -> append("B_ENA"), () -> append("BLED=off\n"), () -> append("C_ENABLED=off\n"));

            assertThat(source.reload(before)).isSameAs(before);
            assertThat(source.reload(before)).isSameAs(before);
            assertThatThrownBy(() -> source.reload(before)).hasMessageContaining("being written");
            assertThat(Texts.of(source.reload(before))).containsOnlyKeys("a", "b", "c");
        }

        @Test
        void truncatedFileIsNoNewsUntilItIsStill() throws Exception {
            write("A_ENABLED=off\n");
            FlagSet before = source.load();
            write("");
            pause.then(() -> write("A_ENABLED=off\nB_ENABLED=off\n"));

            assertThat(source.reload(before)).isSameAs(before);
            assertThat(Texts.of(source.reload(before))).containsOnlyKeys("a", "b");
        }

        @Test
        void fileThatIsDeletedToBeWrittenAnewIsNoOutage() throws Exception {
            write("A_ENABLED=off\n");
            FlagSet before = source.load();
            Files.delete(file);
            pause.then(() -> write("A_ENABLED=on\n"));

            assertThat(source.reload(before)).isSameAs(before);
            assertThat(Texts.of(source.reload(before))).containsExactly(Map.entry("a", "on"));
        }

        @Test
        void unchangedFileIsNotWaitedFor() throws Exception {
            write("A_ENABLED=off\n");
            source.load();
            int pauses = pause.pauses();
            source.load();

            assertThat(pause.pauses()).isEqualTo(pauses);
        }

        @Test
        void interruptedWaitEndsTheLoad() throws Exception {
            write("A_ENABLED=off\n");
            pause.then(() -> {
                throw new InterruptedException();
            });

            assertThatThrownBy(source::load).isInstanceOf(InterruptedException.class);
            assertThat(Texts.of(source)).containsOnlyKeys("a");
        }

        @Test
        void closedSourceStopsWaiting() throws Exception {
            write("A_ENABLED=off\n");
            pause.then(() -> append("B"), source::close);

            assertThatThrownBy(source::load)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("\"file\" is closed");
            assertThat(pause.pauses()).isEqualTo(2);
        }
    }

    /** The same length, the same time: only the file system's own time of change tells. */
    @Test
    void editThatKeepsSizeAndTimeIsSeen() throws Exception {
        write("A_ENABLED=0\n");
        source.load();
        var time = Files.getLastModifiedTime(file);
        write("A_ENABLED=1\n");
        Files.setLastModifiedTime(file, time);

        assertThat(Texts.of(source)).containsExactly(Map.entry("a", "1"));
    }
}
