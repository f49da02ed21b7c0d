package io.pratique.flags;

import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.eventuallyTrue;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The snapshot file between real processes, one of which is killed again and again. */
@Tag("F-9")
@Timeout(300)
class SnapshotFileIT {

    private static final int KILLS = 20;

    @TempDir
    private Path directory;

    private final List<ChildJvm> started = new ArrayList<>();
    private CapturedLog log;

    @BeforeEach
    void capture() {
        log = CapturedLog.of(FlagClient.class);
    }

    @AfterEach
    void end() {
        started.forEach(ChildJvm::close);
        log.close();
    }

    private Path file() {
        return directory.resolve("flags.snapshot");
    }

    private ChildJvm startCounting() throws IOException {
        ChildJvm process = ChildJvm.start(directory, List.of(), CountingProcess.class, file().toString());
        started.add(process);
        return process;
    }

    /** The number of the load that the file holds, which must be whole; zero if there is no file yet. */
    private long inTheFile() throws IOException {
        if (!Files.exists(file())) {
            return 0;
        }
        SourceState state = SnapshotText.read(Files.readAllBytes(file()), new Moment(0, Instant.EPOCH))
                .sources()
                .get("counter");
        if (state == null) {
            return 0;
        }
        long number = state.delivered().historyMark().sequence();
        assertThat(state.held()).containsOnlyKeys("left", "right", "killed");
        assertThat(state.held().get("left").value()).isEqualTo(CountingProcess.Counter.valueAt(number));
        assertThat(state.held().get("right").value()).isEqualTo(CountingProcess.Counter.valueAt(number));
        assertThat(state.held().get("killed").value()).isEqualTo("off");
        return number;
    }

    private SettableSource counterThatIsDown() {
        return new SettableSource("counter").down(true);
    }

    @Test
    void aProcessThatIsKilledLosesNothingThatWasInTheFile() throws Exception {
        Random random = new Random(7);
        long confirmed = 0;
        for (int i = 0; i < KILLS; i++) {
            long before = confirmed;
            ChildJvm process = startCounting();
            eventuallyTrue(() -> inTheFile() > before);
            for (int looks = random.nextInt(200); looks >= 0; looks--) {
                long number = inTheFile();
                assertThat(number).isGreaterThanOrEqualTo(confirmed);
                confirmed = number;
            }

            process.kill();

            long left = inTheFile();
            assertThat(left).isGreaterThanOrEqualTo(confirmed);
            confirmed = left;
            try (FlagClient flags = FlagClient.builder()
                    .source(counterThatIsDown())
                    .snapshotFile(file())
                    .build()) {
                assertThat(flags.isEnabled("killed")).isFalse();
                assertThat(flags.isEnabled("left")).isEqualTo(left % 2 != 0);
                assertThat(flags.isEnabled("right")).isEqualTo(left % 2 != 0);
            }
            assertThat(inTheFile()).isEqualTo(left);
        }
        assertThat(log.messages(Level.WARN)).noneMatch(message -> message.startsWith("Snapshot file"));
    }

    @Test
    void aProcessThatEndsInOrderLeavesItsLastState() throws Exception {
        ChildJvm process = startCounting();
        eventuallyTrue(() -> inTheFile() > 10);

        process.endInOrder();

        assertThat(process.output()
                        .lines()
                        .filter(line -> line.contains("ended in order") || line.contains("Exception")))
                .containsExactly("ended in order");
        assertThat(inTheFile()).isGreaterThan(10);
        assertThat(directory.resolve("flags.snapshot.tmp")).doesNotExist();
    }

    @Test
    void aSecondProcessOnlyReadsUntilTheFirstIsKilled() throws Exception {
        ChildJvm first = startCounting();
        eventuallyTrue(() -> inTheFile() > 0);
        SettableSource source = counterThatIsDown();
        try (FlagClient second =
                FlagClient.builder().source(source).snapshotFile(file()).build()) {
            assertThat(second.isEnabled("killed")).isFalse();
            eventually(() -> assertThat(log.messages(Level.WARN))
                    .filteredOn(message -> message.contains("this one only reads it"))
                    .hasSize(1));
            long number = inTheFile();
            eventuallyTrue(() -> inTheFile() > number);

            first.kill();
            source.down(false).says("killed", "on");
            SettableSource.refresh(second);

            eventually(() -> assertThat(Files.readString(file())).contains("flag\tkilled\ton\t"));
        }
    }

    @Test
    void aClientThatOnlyReadsDoesNotGiveUpTheLockOfItsProcess() throws Exception {
        SettableSource source = new SettableSource("counter").says("killed", "off");
        try (FlagClient first =
                FlagClient.builder().source(source).snapshotFile(file()).build()) {
            eventually(() -> assertThat(file()).exists());
            FlagClient.builder()
                    .source(counterThatIsDown())
                    .snapshotFile(file())
                    .build()
                    .close();
            byte[] before = Files.readAllBytes(file());

            ChildJvm other = startCounting();

            eventuallyTrue(() -> other.output().contains("this one only reads it"));
            other.endInOrder();
            assertThat(Files.readAllBytes(file())).isEqualTo(before);
            assertThat(first.isEnabled("killed")).isFalse();
        }
    }
}
