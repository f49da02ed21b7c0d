package io.pratique.flags;

import static io.pratique.flags.Eventually.PATIENCE;
import static io.pratique.flags.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import io.pratique.time.Timeline;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the file of last-known values is kept: whole, by one writer, and never at the price of the flags. */
@Tag("F-9")
@Timeout(120)
class SnapshotKeepingTest {

    @TempDir
    private Path directory;

    private final SettableSource source = new SettableSource("db").says(Map.of("mail", "off", "export", "on"));
    private final List<FlagClient> built = new ArrayList<>();
    private CapturedLog log;

    @BeforeEach
    void capture() {
        log = CapturedLog.of(FlagClient.class);
    }

    @AfterEach
    void close() {
        built.forEach(FlagClient::close);
        log.close();
    }

    private Path file() {
        return directory.resolve("flags.snapshot");
    }

    private FlagClient client(Path file) {
        return client(file, source);
    }

    private FlagClient client(Path file, SettableSource over) {
        FlagClient client = FlagClient.builder().source(over).snapshotFile(file).build();
        built.add(client);
        return client;
    }

    private void remember() {
        client(file()).close();
    }

    private static SnapshotText.Content content(Path file) throws IOException {
        return SnapshotText.read(Files.readAllBytes(file), new Moment(0, Instant.EPOCH));
    }

    /** What the file says of a flag of the source; null if it does not mention it. */
    private static String written(Path file, String key) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        SourceState state = content(file).sources().get("db");
        return state == null || !state.held().containsKey(key)
                ? null
                : state.held().get(key).value();
    }

    private List<String> warnings() {
        return log.messages(Level.WARN).stream()
                .filter(message -> message.startsWith("Snapshot file "))
                .toList();
    }

    private void assertIgnored(Path file, String why) {
        source.down(true);
        FlagClient flags = client(file);

        assertThat(flags.isEnabled("mail")).isTrue();
        assertThat(flags.isEnabled("export", false)).isFalse();
        assertThat(flags.evaluate("mail").errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
        assertThat(warnings())
                .filteredOn(message -> message.contains(" is ignored: "))
                .singleElement()
                .asString()
                .contains(file.getFileName().toString(), why);
    }

    @Nested
    class AFileThatIsNotWhole {

        private SnapshotText.Content read() {
            try (Timeline timeline = new Timeline("reads-a-file", null);
                    SnapshotFile file = new SnapshotFile(file(), timeline)) {
                return file.read();
            }
        }

        @Test
        void isIgnoredWithOneWarningWhereverItWasCut() throws Exception {
            remember();
            byte[] whole = Files.readAllBytes(file());
            for (int length = 0; length < whole.length; length++) {
                Files.write(file(), Arrays.copyOf(whole, length));

                assertThat(read()).as("cut after %d bytes", length).isSameAs(SnapshotText.Content.EMPTY);
                assertThat(warnings()).hasSize(length + 1);
            }
        }

        @Test
        void isIgnoredWithOneWarningWhicheverByteWasFlipped() throws Exception {
            remember();
            byte[] whole = Files.readAllBytes(file());
            for (int i = 0; i < whole.length; i++) {
                byte[] flipped = whole.clone();
                flipped[i] ^= (byte) (1 << i % 8);
                Files.write(file(), flipped);

                assertThat(read()).as("byte %d flipped", i).isSameAs(SnapshotText.Content.EMPTY);
                assertThat(warnings()).hasSize(i + 1);
            }
        }

        @Test
        void costsTheMemoryAndNotTheFlags() throws Exception {
            remember();
            byte[] whole = Files.readAllBytes(file());
            Files.write(file(), Arrays.copyOf(whole, whole.length - 1));

            assertIgnored(file(), "checksum");
        }

        @Test
        void isReplacedByAWholeOne() throws Exception {
            Files.writeString(file(), "pratique-flags\t1\nsource\tdb");

            FlagClient flags = client(file());

            assertThat(flags.isEnabled("mail")).isFalse();
            flags.close();
            assertThat(written(file(), "mail")).isEqualTo("off");
        }
    }

    @Nested
    class AFileOfOthers {

        @ParameterizedTest
        @ValueSource(strings = {"", "\n", "OUTBOX_ENABLED=true\n", "{\"flags\": {}}", "pratique-flags", "\0\0\0\0"})
        void isIgnoredWithOneWarning(String text) throws Exception {
            Files.writeString(file(), text);

            assertIgnored(file(), "it is not a snapshot of flags");
        }

        @Test
        void mayBeOfALaterVersion() throws Exception {
            remember();
            Files.writeString(file(), Files.readString(file()).replaceFirst("pratique-flags\t1", "pratique-flags\t2"));

            assertIgnored(file(), "of another version");
        }

        @Test
        void mayBeNoTextAtAll() throws Exception {
            byte[] noise = new byte[100_000];
            Arrays.fill(noise, (byte) 0xff);
            Files.write(file(), noise);

            assertIgnored(file(), "it is not a snapshot of flags");
        }

        @Test
        void mayBeLargerThanMemory() throws Exception {
            try (RandomAccessFile sparse = new RandomAccessFile(file().toFile(), "rw")) {
                sparse.setLength(1L << 33);
            }

            assertIgnored(file(), "it is larger than any snapshot");
        }

        @Test
        void mayBeADirectoryWhichStays() throws Exception {
            Files.createDirectories(file());

            assertIgnored(file(), "it is a directory");
            built.forEach(FlagClient::close);
            assertThat(file()).isEmptyDirectory();
            assertThat(warnings()).hasSize(2).last().asString().contains("cannot be written");
        }

        @Test
        @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // opening a pipe heeds no interrupt
        void mayBeAPipeWhichNobodyWaitsFor() throws Exception {
            Process made = new ProcessBuilder("mkfifo", file().toString()).start();
            assumeTrue(made.waitFor() == 0, "this system has pipes with names");

            assertIgnored(file(), "a pipe");
            assertThat(Files.isRegularFile(file())).isFalse();
        }
    }

    @Nested
    class APlaceThatCannotBeWritten {

        @Test
        void costsOneWarningAndNotTheFlags() throws Exception {
            Path blocked = directory.resolve("blocked");
            Files.writeString(blocked, "a file where a directory should be");
            FlagClient flags = client(blocked.resolve("flags.snapshot"));

            for (String said : List.of("on", "off", "on", "off")) {
                source.says("mail", said);
                SettableSource.refresh(flags);
                assertThat(flags.isEnabled("mail")).isEqualTo(said.equals("on"));
            }
            flags.close();

            assertThat(warnings()).singleElement().asString().contains("cannot be written, a restart would forget");
        }

        @Test
        void isTriedAgain() throws Exception {
            Path blocked = directory.resolve("blocked");
            Files.writeString(blocked, "a file where a directory should be");
            Path file = blocked.resolve("flags.snapshot");
            FlagClient flags = client(file);
            eventually(() -> assertThat(warnings()).hasSize(1));

            Files.delete(blocked);
            SettableSource.refresh(flags);

            eventually(() -> assertThat(written(file, "mail")).isEqualTo("off"));
        }

        @Test
        void isMadeIfItIsOnlyMissing() throws Exception {
            Path file = directory.resolve("var").resolve("lib").resolve("flags.snapshot");

            client(file).close();

            assertThat(written(file, "mail")).isEqualTo("off");
            assertThat(warnings()).isEmpty();
        }
    }

    @Nested
    class Replacement {

        @Test
        void neverShowsAReaderHalfAFile() throws Exception {
            source.says("filler", "x".repeat(200_000));
            FlagClient flags = client(file());
            eventually(() -> assertThat(written(file(), "mail")).isEqualTo("off"));
            AtomicBoolean writing = new AtomicBoolean(true);
            CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
                int reads = 0;
                try {
                    while (writing.get()) {
                        assertThat(written(file(), "mail")).isIn("on", "off");
                        reads++;
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                return reads;
            });

            for (int i = 0; i < 200; i++) {
                source.says("mail", i % 2 == 0 ? "on" : "off");
                SettableSource.refresh(flags);
            }
            writing.set(false);

            assertThat(reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPositive();
        }

        @Test
        void leavesNothingBesideTheFileButItsLock() throws Exception {
            remember();

            try (var files = Files.list(directory)) {
                assertThat(files.map(path -> path.getFileName().toString()))
                        .containsExactlyInAnyOrder("flags.snapshot", "flags.snapshot.lock");
            }
        }

        @Test
        void mindsNothingThatACrashLeftBeside() throws Exception {
            remember();
            Files.writeString(directory.resolve("flags.snapshot.tmp"), "half of ano");

            source.down(true);
            FlagClient flags = client(file());
            assertThat(flags.isEnabled("mail")).isFalse();
            source.down(false).says("mail", "on");
            SettableSource.refresh(flags);
            flags.close();

            assertThat(written(file(), "mail")).isEqualTo("on");
            assertThat(warnings()).isEmpty();
            assertThat(directory.resolve("flags.snapshot.tmp")).doesNotExist();
        }

        @Test
        void followsALink() throws Exception {
            Path target = directory.resolve("disk").resolve("flags.snapshot");
            Files.createDirectories(target.getParent());
            Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("disk", "flags.snapshot"));

            client(link).close();

            assertThat(link).isSymbolicLink();
            assertThat(written(target, "mail")).isEqualTo("off");
            source.down(true);
            assertThat(client(link).isEnabled("mail")).isFalse();
        }

        @Test
        void endsALinkThatLeadsNowhere() throws Exception {
            Path link = directory.resolve("loop");
            Files.createSymbolicLink(link, link);

            client(link).close();

            assertThat(written(link, "mail")).isEqualTo("off");
        }

        @Test
        void isNotPreventedByAnInterrupt() throws Exception {
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try (Timeline timeline = new Timeline("writes-a-file", null);
                        SnapshotFile file = new SnapshotFile(file(), timeline)) {
                    Thread.currentThread().interrupt();
                    SourceState state = SourceState.unasked("db")
                            .loaded(source.load(), Moment.now(timeline))
                            .state();
                    file.write(Snapshot.first(new Snapshot.Declarations(Map.of(), false), List.of(state), Map.of()));
                    interrupted.complete(Thread.currentThread().isInterrupted());
                } catch (IOException e) {
                    interrupted.completeExceptionally(e);
                }
            });
            thread.start();

            assertThat(interrupted.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(written(file(), "mail")).isEqualTo("off");
            assertThat(warnings()).isEmpty();
        }
    }

    @Nested
    class ASecondClient {

        private final SettableSource other = new SettableSource("db").says("mail", "on");

        private List<String> readOnlyWarnings() {
            return warnings().stream()
                    .filter(message -> message.contains("this one only reads it"))
                    .toList();
        }

        @Test
        void readsWhatTheFirstWrites() {
            client(file());
            eventually(() -> assertThat(written(file(), "mail")).isEqualTo("off"));
            other.down(true);

            assertThat(client(file(), other).isEnabled("mail")).isFalse();
        }

        @Test
        void writesNothingAndSaysSoOnce() throws Exception {
            client(file());
            eventually(() -> assertThat(written(file(), "mail")).isEqualTo("off"));

            FlagClient second = client(file(), other);
            for (int i = 0; i < 5; i++) {
                other.says("export", i % 2 == 0 ? "off" : "on");
                SettableSource.refresh(second);
            }
            second.close();

            assertThat(written(file(), "mail")).isEqualTo("off");
            assertThat(readOnlyWarnings()).hasSize(1);
        }

        @Test
        void takesOverOnceTheFirstIsClosed() throws Exception {
            FlagClient first = client(file());
            FlagClient second = client(file(), other);
            eventually(() -> assertThat(readOnlyWarnings()).hasSize(1));
            first.close();

            SettableSource.refresh(second);

            eventually(() -> assertThat(written(file(), "mail")).isEqualTo("on"));
            assertThat(readOnlyWarnings()).hasSize(1);
        }

        @Test
        void leavesTheFirstItsRightWhenItCloses() throws Exception {
            FlagClient first = client(file());
            client(file(), other).close();
            FlagClient third = client(file(), other);
            SettableSource.refresh(third);

            source.says("mail", "yes");
            SettableSource.refresh(first);

            eventually(() -> assertThat(written(file(), "mail")).isEqualTo("yes"));
        }

        @Test
        void isSeenThroughAnotherPathToTheFile() throws Exception {
            Path byLink = Files.createSymbolicLink(directory.resolve("dir"), directory)
                    .resolve("flags.snapshot");
            client(file());
            eventually(() -> assertThat(written(file(), "mail")).isEqualTo("off"));

            client(byLink, other).close();

            assertThat(written(file(), "mail")).isEqualTo("off");
            assertThat(readOnlyWarnings()).hasSize(1);
        }

        @Test
        void mayWriteAFileOfItsOwn() throws Exception {
            client(file());

            client(directory.resolve("another"), other).close();

            assertThat(written(directory.resolve("another"), "mail")).isEqualTo("on");
            assertThat(readOnlyWarnings()).isEmpty();
        }
    }

    @Test
    void holdsNothingThatIsNotAFlag() throws Exception {
        source.says("k".repeat(257), "s3cret");
        FlagClient flags = client(file());
        assertThat(flags.isEnabled("asked-for")).isTrue();
        flags.override("export", false, Duration.ofHours(1), "INC-7");
        flags.close();

        assertThat(Files.readString(file())).contains("INC-7").doesNotContain("s3cret", "asked-for");
    }
}
