package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pratique.flags.SnapshotText.Content;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.HistoryMark;
import io.pratique.time.Timeline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** What is written of last-known values is what is read, whatever the texts; and nothing else is ever read. */
@Tag("F-9")
class SnapshotTextProperties {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00.123456789Z");
    private static final Moment WRITTEN = new Moment(5_000_000_000L, NOW);

    /** The same instant on the timeline of another process. */
    private static final Moment READ = new Moment(77, NOW);

    private static final Snapshot.Declarations NONE_DECLARED = new Snapshot.Declarations(Map.of(), false);

    /** Any row of UTF-16 units, lone surrogates among them, and what a format of tabs and lines could trip over. */
    private static Arbitrary<String> texts() {
        Arbitrary<String> any =
                Arbitraries.strings().withCharRange('\0', '\uffff').ofMaxLength(12);
        Arbitrary<String> surrogates = Arbitraries.strings()
                .withChars('\ud83d', '\ude80', '\\', 'u', 'd')
                .ofMaxLength(8);
        Arbitrary<String> odd = Arbitraries.of(
                "",
                "-",
                "--",
                "\\-",
                "\\",
                "\\\\",
                "\\t",
                "\\u0041",
                "\t",
                "\n",
                "\r",
                "\r\n",
                "a\tb\nc\\d",
                "sha256\t",
                "\nsha256\tabc\n",
                "flag",
                "source\t",
                "\ufeff",
                "\ufffd",
                "\0",
                "?",
                " ",
                "\u2028",
                "\u0085");
        return Arbitraries.oneOf(any, surrogates, odd);
    }

    private static Arbitrary<String> values() {
        return Arbitraries.oneOf(Arbitraries.of("on", "off", " OFF\n", "1", "disabled"), texts());
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.oneOf(
                Arbitraries.longs()
                        .between(-1_000_000_000_000L, 4_000_000_000_000L)
                        .map(Instant::ofEpochMilli),
                Arbitraries.of(Instant.MIN, Instant.MAX, Instant.EPOCH, NOW));
    }

    private static Arbitrary<Duration> lengths() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(-1_000_000, 1_000_000_000_000L).map(Duration::ofNanos),
                Arbitraries.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(Long.MAX_VALUE)));
    }

    private static Arbitrary<FlagEntry> entries() {
        return Combinators.combine(
                        values(), instants().injectNull(0.3), lengths().injectNull(0.5), values().injectNull(0.3))
                .as((value, changedAt, left, covered) -> {
                    FlagEntry entry = FlagEntry.of(value);
                    entry = changedAt == null ? entry : entry.changedAt(changedAt);
                    return left == null ? entry : entry.ending(left, covered);
                });
    }

    private static Arbitrary<FlagSet> sets() {
        Arbitrary<HistoryMark> marks = Combinators.combine(texts(), Arbitraries.longs(), texts(), instants())
                .as(HistoryMark::new);
        return Combinators.combine(Arbitraries.maps(texts(), entries()).ofMaxSize(6), marks.injectNull(0.5))
                .as((entries, mark) -> {
                    FlagSet.Builder set = FlagSet.builder();
                    entries.forEach(set::put);
                    return mark == null ? set.build() : set.historyMark(mark).build();
                });
    }

    /** A source that has said one set after the other, so that a value may be the last valid one of an invalid entry. */
    private static Arbitrary<SourceState> states(String name) {
        return sets().list().ofMinSize(0).ofMaxSize(3).map(said -> {
            SourceState state = SourceState.unasked(name);
            for (FlagSet set : said) {
                state = state.loaded(set, WRITTEN).state();
            }
            return state;
        });
    }

    private static Arbitrary<LocalOverride> overrides() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        texts(),
                        instants(),
                        Arbitraries.longs().between(1, 1_000_000_000_000L))
                .as((enabled, reason, since, lasts) ->
                        new LocalOverride(enabled, reason, since, WRITTEN.nanos() + lasts, NOW.plusNanos(lasts)));
    }

    @Provide
    Arbitrary<Snapshot> snapshots() {
        return Combinators.combine(
                        texts().set().ofMaxSize(3).flatMap(SnapshotTextProperties::statesOf),
                        Arbitraries.maps(texts(), overrides()).ofMaxSize(3))
                .as((states, overrides) -> Snapshot.first(NONE_DECLARED, states, overrides));
    }

    private static Arbitrary<List<SourceState>> statesOf(Iterable<String> names) {
        Arbitrary<List<SourceState>> all = Arbitraries.just(List.of());
        for (String name : names) {
            all = Combinators.combine(all, states(name))
                    .as((before, state) ->
                            Stream.concat(before.stream(), Stream.of(state)).toList());
        }
        return all;
    }

    /** What one flag means to whoever asks for it. */
    private record Meaning(
            String value, boolean enabled, String refused, Instant changedAt, String covered, long left) {

        static Map<String, Meaning> of(SourceState state, Moment now) {
            Map<String, Meaning> meanings = new HashMap<>();
            state.held().forEach((key, held) -> {
                if (held.holds() || held.invalid()) {
                    meanings.put(
                            key,
                            new Meaning(
                                    held.value(),
                                    held.enabled(),
                                    held.invalid() ? held.refused() : null,
                                    held.changedAt(),
                                    held.covered(),
                                    held.ends() == Timeline.NEVER ? Timeline.NEVER : held.ends() - now.nanos()));
                }
            });
            return meanings;
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void whatIsWrittenIsRead(@ForAll("snapshots") Snapshot snapshot) {
        Content read = SnapshotText.read(SnapshotText.write(snapshot, WRITTEN), READ);

        Map<String, SourceState> answered = new LinkedHashMap<>();
        snapshot.sources().stream()
                .filter(source -> source.health().answered())
                .forEach(source -> answered.put(source.name(), source));
        assertThat(read.sources()).containsOnlyKeys(answered.keySet());
        answered.forEach((name, state) -> {
            SourceState restored = read.sources().get(name);
            assertThat(restored.name()).isEqualTo(name);
            assertThat(Meaning.of(restored, READ)).isEqualTo(Meaning.of(state, WRITTEN));
            assertThat(restored.delivered().historyMark())
                    .isEqualTo(state.delivered().historyMark());
            assertThat(restored.health().lastSuccess()).isEqualTo(NOW);
            assertThat(restored.health().answered()).isFalse();
            assertThat(restored.health().stale()).isTrue();
        });
        Map<String, LocalOverride> moved = new HashMap<>();
        snapshot.overrides()
                .forEach((key, o) -> moved.put(
                        key,
                        new LocalOverride(
                                o.enabled(),
                                o.reason(),
                                o.since(),
                                o.ends() - WRITTEN.nanos() + READ.nanos(),
                                o.endsAt())));
        assertThat(read.overrides()).isEqualTo(moved);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void writingWhatWasReadWritesTheSame(@ForAll("snapshots") Snapshot snapshot) {
        byte[] first = SnapshotText.write(snapshot, WRITTEN);
        Content read = SnapshotText.read(first, WRITTEN);
        List<SourceState> restored = snapshot.sources().stream()
                .map(source -> read.sources().getOrDefault(source.name(), SourceState.unasked(source.name())))
                .toList();

        byte[] second = SnapshotText.write(Snapshot.first(NONE_DECLARED, restored, read.overrides()), WRITTEN);

        assertThat(new String(second, StandardCharsets.UTF_8)).isEqualTo(new String(first, StandardCharsets.UTF_8));
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void noBeginningIsRead(@ForAll("snapshots") Snapshot snapshot, @ForAll("fractions") double fraction) {
        byte[] whole = SnapshotText.write(snapshot, WRITTEN);

        assertRefused(Arrays.copyOf(whole, (int) (fraction * whole.length)));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void nothingWithAnotherByteIsRead(
            @ForAll("snapshots") Snapshot snapshot, @ForAll("fractions") double fraction, @ForAll("masks") int mask) {
        byte[] changed = SnapshotText.write(snapshot, WRITTEN);
        changed[(int) (fraction * changed.length)] ^= (byte) mask;

        assertRefused(changed);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void nothingThatGoesOnIsRead(@ForAll("snapshots") Snapshot snapshot, @ForAll byte further) {
        byte[] whole = SnapshotText.write(snapshot, WRITTEN);
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        longer[whole.length] = further;

        assertRefused(longer);
    }

    /** Bytes that are no text decode to the replacement character, whatever they are. */
    @Example
    void noOtherBytesAreReadThatDecodeToTheSameText() {
        SourceState state = SourceState.unasked("\ufffd")
                .loaded(FlagSet.of(Map.of("mail", "off")), WRITTEN)
                .state();
        byte[] whole = SnapshotText.write(Snapshot.first(NONE_DECLARED, List.of(state), Map.of()), WRITTEN);
        String latin = new String(whole, StandardCharsets.ISO_8859_1);

        assertRefused(latin.replace("\u00ef\u00bf\u00bd", "\u00ff").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Example
    void anOverrideIsReadUntilItsEnd() {
        LocalOverride override = new LocalOverride(false, "INC-7", NOW, WRITTEN.nanos() + 100, NOW.plusNanos(100));
        byte[] written =
                SnapshotText.write(Snapshot.first(NONE_DECLARED, List.of(), Map.of("mail", override)), WRITTEN);

        assertThat(SnapshotText.read(written, new Moment(0, NOW.plusNanos(99))).overrides())
                .containsEntry("mail", new LocalOverride(false, "INC-7", NOW, 1, NOW.plusNanos(100)));
        assertThat(SnapshotText.read(written, new Moment(0, NOW.plusNanos(100))).overrides())
                .isEmpty();
        assertThat(SnapshotText.read(written, new Moment(0, NOW.plusSeconds(1))).overrides())
                .isEmpty();
    }

    private static void assertRefused(byte[] bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnapshotText.read(bytes, READ))
                .withMessageStartingWith("it");
    }

    @Provide
    Arbitrary<Double> fractions() {
        return Arbitraries.doubles().between(0, true, 1, false);
    }

    @Provide
    Arbitrary<Integer> masks() {
        return Arbitraries.integers().between(1, 255);
    }
}
