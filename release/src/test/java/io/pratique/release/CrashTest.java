package io.pratique.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that was cut at any byte, over a world as it was just then. */
@Tag("S-2")
class CrashTest {

    @TempDir
    private Path directory;

    private World world;
    private Path releases;
    private Path journal;
    private final List<Moment> moments = new ArrayList<>();

    /** How long the journal was, and what the world looked like. */
    private record Moment(int length, Map<String, String> things) {}

    @BeforeEach
    void makeWorld() throws IOException {
        world = World.old(Files.createDirectories(directory.resolve("world")));
        releases = directory.resolve("releases");
        journal = releases.resolve("release.journal");
    }

    private void note() throws IOException {
        moments.add(new Moment((int) Files.size(journal), world.things()));
    }

    private StepAction noted(StepAction action) {
        return context -> {
            note();
            action.run(context);
            note();
        };
    }

    private Step noted(String thing) {
        return Step.change(thing, noted(context -> {
                    Files.writeString(world.directory().resolve(thing), "half");
                    note();
                    world.change(thing, "new");
                }))
                .compensation(noted(context -> world.change(thing, "old")))
                .verification(context -> world.require(thing, ChangeState.NEW))
                .rollbackCheck(context -> Files.size(world.directory().resolve(thing)))
                .rollbackVerification(context -> world.require(thing, ChangeState.OLD))
                .probe(context -> world.state(thing));
    }

    private Release release(StepAction health) {
        Release.Builder builder = Release.named("v2")
                .directory(releases)
                .log(line -> {})
                .step(Step.check("environment", context -> {}))
                .step(Step.protect("backup", context -> {}));
        World.THINGS.forEach(thing -> builder.step(noted(thing)));
        return builder.step(Step.check("health", noted(health)))
                .step(Step.forensics("logs", context -> {}))
                .step(Step.cleanup("scratch", context -> {}))
                .build();
    }

    /** The whole journal of a release, from its first byte to its end. */
    private byte[] journalOf(StepAction health) throws Exception {
        Path kept = release(health).run().journal();
        return Files.readAllBytes(kept);
    }

    private void crash(byte[] cut, Map<String, String> things) throws IOException {
        world.restore(things);
        try (var files = Files.walk(releases)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        Files.write(journal, cut);
    }

    /** What the world may have looked like when the journal had so many bytes. */
    private static List<Map<String, String>> worlds(List<Moment> moments, int bytes) {
        int last = moments.stream()
                .mapToInt(Moment::length)
                .filter(length -> length <= bytes)
                .max()
                .orElse(-1);
        if (last < 0) {
            return List.of(World.OLD);
        }
        List<Map<String, String>> then = moments.stream()
                .filter(moment -> moment.length() == last)
                .map(Moment::things)
                .distinct()
                .toList();
        // While the line after is being written, what it tells of is over.
        return bytes == last ? then : then.subList(then.size() - 1, then.size());
    }

    /** Of a line that was cut nothing counts, wherever it was cut; so it is enough to go on from two cuts of each. */
    private int checkAllCuts(byte[] whole, boolean failing) throws Exception {
        List<Moment> known = List.copyOf(moments);
        int checked = 0;
        int lineStart = firstLine(whole);
        JournalText.Content lines = JournalText.read(Arrays.copyOf(whole, lineStart));
        for (int bytes = lineStart; bytes < whole.length; bytes++) {
            JournalText.Content content = JournalText.read(Arrays.copyOf(whole, bytes));
            if (whole[bytes - 1] == '\n') {
                lineStart = bytes;
                lines = content;
            }
            assertThat(content).as("cut at %d", bytes).isEqualTo(lines);
            if (bytes - lineStart <= 1) {
                for (Map<String, String> things : worlds(known, bytes)) {
                    checkCut(Arrays.copyOf(whole, bytes), things, failing);
                    checked++;
                }
            }
        }
        return checked;
    }

    private void checkCut(byte[] cut, Map<String, String> things, boolean failing) throws Exception {
        crash(cut, things);
        assertThatThrownBy(() -> world.release("v3", releases).build().run())
                .isInstanceOf(UnfinishedReleaseException.class);
        ReleaseReport resumed =
                release(failing ? CrashTest::fail : context -> {}).resume();
        if (things.containsValue("half") && resumed.outcome() == ReleaseOutcome.INCONCLUSIVE) {
            assertThat(world.things()).as("cut at %d", cut.length).isEqualTo(things);
        } else {
            assertThat(resumed.outcome())
                    .as("cut at %d", cut.length)
                    .isEqualTo(failing ? ReleaseOutcome.ROLLED_BACK : ReleaseOutcome.DONE);
            assertThat(world.things()).as("cut at %d", cut.length).isEqualTo(failing ? World.OLD : World.NEW);
        }

        crash(cut, things);
        assertThat(release(context -> {}).rollBack("enough").outcome())
                .isIn(ReleaseOutcome.ROLLED_BACK, ReleaseOutcome.NOTHING_CHANGED);
        assertThat(world.things()).as("cut at %d", cut.length).isEqualTo(World.OLD);
    }

    private static void fail(StepContext context) {
        throw new IllegalStateException("503");
    }

    private static int firstLine(byte[] journal) {
        return 1 + new String(journal, StandardCharsets.ISO_8859_1).indexOf('\n');
    }

    @Test
    void endsInTheNewWorldOrTheOldOne() throws Exception {
        byte[] whole = journalOf(context -> {});

        assertThat(checkAllCuts(whole, false)).isGreaterThan(40);
    }

    @Test
    void whileAReleaseIsUndoneEndsInTheOldOne() throws Exception {
        byte[] whole = journalOf(CrashTest::fail);

        assertThat(checkAllCuts(whole, true)).isGreaterThan(40);
    }

    /** A journal comes into being with its first line: without one something else has cut it, and nobody can tell. */
    @Test
    void withoutItsFirstLineIsRefused() throws Exception {
        byte[] whole = journalOf(context -> {});
        for (int bytes = 0; bytes < firstLine(whole); bytes += 7) {
            crash(Arrays.copyOf(whole, bytes), World.OLD);

            assertThatThrownBy(() -> release(context -> {}).run())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(journal.toString());
        }
    }

    /** The environment may be another one by now, and so may what was backed up. */
    @Test
    void beforeTheFirstChangeHasAllLookedAtAgain() throws Exception {
        List<String> ran = new ArrayList<>();
        Release looking = Release.named("v2")
                .directory(releases)
                .log(ran::add)
                .step(Step.check("environment", context -> {}))
                .step(Step.protect("backup", context -> {}))
                .step(world.change("database"))
                .build();
        byte[] whole = Files.readAllBytes(looking.run().journal());
        String text = new String(whole, StandardCharsets.UTF_8);
        crash(Arrays.copyOf(whole, 1 + text.indexOf('\n', text.lastIndexOf("\"step\":\"backup\""))), World.OLD);
        ran.clear();

        assertThat(looking.resume().outcome()).isEqualTo(ReleaseOutcome.DONE);

        assertThat(ran).contains("[STEP 1/3] environment ...", "[STEP 2/3] backup ...");
    }

    /** As a holder of the lock was paused, and another has resumed its release. */
    @Test
    @Tag("S-5")
    void thatSomebodyElseGoesOnWithIsNotWrittenAnyMore() throws Exception {
        Path file = directory.resolve("release.journal");
        try (Journal lost = Journal.begin(file, new JournalEntry.Header(Instant.EPOCH, 1, "v2", null, 1, List.of()));
                Journal own = Journal.open(file)) {
            JournalEntry entry = new JournalEntry(Instant.EPOCH, JournalEntry.Event.RESUMED, null, null, "bob");
            own.append(entry, true);

            assertThatThrownBy(() -> lost.append(entry, true)).hasMessageContaining("another process's");
            assertThatThrownBy(() -> lost.moveTo(directory.resolve("past"))).hasMessageContaining("another process's");
            assertThat(Journal.read(file).entries()).containsExactly(entry);
        }
    }

    @Test
    void lineThatWasChangedIsFound() throws Exception {
        String whole = new String(journalOf(context -> {}), StandardCharsets.UTF_8);
        byte[] forged = whole.replaceFirst("\"SUCCESS\"", "\"FAILURE\"").getBytes(StandardCharsets.UTF_8);
        crash(forged, World.NEW);

        assertThatThrownBy(() -> release(context -> {}).resume())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(journal.toString())
                .hasMessageContaining("was changed or is missing");
    }

    @Test
    void journalOfANewerFormatIsRefused() throws Exception {
        Files.createDirectories(releases);
        Files.writeString(journal, "{\"format\":2}\n");

        assertThatThrownBy(() -> release(context -> {}).run()).hasMessageContaining("format \"2\"");
    }

    @Test
    void journalOfAnotherReleaseIsRefused() throws Exception {
        byte[] whole = journalOf(context -> {});
        crash(Arrays.copyOf(whole, whole.length - 20), World.NEW);

        assertThatThrownBy(() -> world.release("v3", releases).build().resume())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("\"v2\"")
                .hasMessageContaining("\"v3\"");
    }
}
