package io.pratique.flags;

import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.HistoryMark;
import io.pratique.time.Timeline;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Last-known values as text: a line of tab-separated fields for each source, flag and override, and a checksum over all
 * of it as the last line. Times are those of the wall clock, since the process that reads them is another one.
 */
final class SnapshotText {

    private static final String HEADER = "pratique-flags\t1";
    /** How many bytes tell whether the rest is worth reading. */
    static final int HEADER_LENGTH = HEADER.length() + 1;

    private static final String CHECKSUM = "sha256\t";

    private SnapshotText() {}

    /**
     * What a snapshot file holds.
     *
     * @param sources the states by source name
     */
    record Content(Map<String, SourceState> sources, Map<String, LocalOverride> overrides) {

        static final Content EMPTY = new Content(Map.of(), Map.of());
    }

    static byte[] write(Snapshot snapshot, Moment now) {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (SourceState source : snapshot.sources()) {
            writeSource(text, source, now);
        }
        new TreeMap<>(snapshot.overrides())
                .forEach((key, override) -> line(
                        text,
                        "override",
                        key,
                        override.value(),
                        override.since().toString(),
                        override.endsAt().toString(),
                        override.reason()));
        String sum = checksum(text.toString());
        text.append(CHECKSUM).append(sum).append('\n');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void writeSource(StringBuilder text, SourceState source, Moment now) {
        Instant answered = source.health().lastSuccess();
        FlagSet delivered = source.delivered();
        if (answered == null || delivered == null) {
            return;
        }
        HistoryMark mark = delivered.historyMark();
        if (mark == null) {
            line(text, "source", source.name(), answered.toString());
        } else {
            line(
                    text,
                    "source",
                    source.name(),
                    answered.toString(),
                    mark.epoch(),
                    Long.toString(mark.sequence()),
                    mark.id(),
                    mark.changedAt().toString());
        }
        new TreeMap<>(source.held()).forEach((key, held) -> writeFlag(text, key, held, now));
    }

    private static void writeFlag(StringBuilder text, String key, Held held, Moment now) {
        if (!held.holds() && !held.invalid()) {
            return; // its time box has ended and covered nothing: there is no such flag
        }
        Instant ends = held.ends() == Timeline.NEVER ? null : now.instant().plusNanos(held.ends() - now.nanos());
        line(
                text,
                "flag",
                key,
                held.value(),
                held.invalid() ? held.refused() : null,
                held.changedAt().toString(),
                ends == null ? null : ends.toString(),
                held.covered());
    }

    private static void line(StringBuilder text, @Nullable String... fields) {
        for (int i = 0; i < fields.length; i++) {
            text.append(i == 0 ? "" : "\t").append(SnapshotField.escape(fields[i]));
        }
        text.append('\n');
    }

    private static String checksum(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Looks at the beginning only.
     *
     * @throws IllegalArgumentException if it is not that of a snapshot
     */
    static void requireHeader(byte[] bytes) {
        if (!new String(bytes, 0, Math.min(bytes.length, HEADER_LENGTH), StandardCharsets.UTF_8)
                .equals(HEADER + "\n")) {
            throw new IllegalArgumentException("it is not a snapshot of flags, or of another version");
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if the bytes are not exactly that
     */
    static Content read(byte[] bytes, Moment now) {
        requireHeader(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = Math.max(HEADER_LENGTH, text.lastIndexOf(CHECKSUM));
        // Bytes that are no text decode to the same replacement, whatever they are.
        if (!Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))
                || !text.substring(end).equals(CHECKSUM + checksum(text.substring(0, end)) + "\n")) {
            throw new IllegalArgumentException("its checksum is wrong, it was cut off or changed");
        }
        Reader reader = new Reader(now);
        text.substring(HEADER.length() + 1, end).lines().forEach(reader::accept);
        return reader.content();
    }

    /** Takes the lines one after the other. */
    private static final class Reader {

        private final Moment now;
        private final Map<String, SourceState> sources = new HashMap<>();
        private final Map<String, LocalOverride> overrides = new HashMap<>();
        private String source = "";
        private @Nullable Instant answered;
        private FlagSet.Builder delivered = FlagSet.builder();
        private Map<String, Held> held = new HashMap<>();

        Reader(Moment now) {
            this.now = now;
        }

        void accept(String line) {
            List<@Nullable String> fields = new ArrayList<>();
            for (String field : line.split("\t", -1)) {
                fields.add(SnapshotField.unescape(field));
            }
            switch (text(fields, 0)) {
                case "source" -> source(fields);
                case "flag" -> flag(fields);
                case "override" -> override(fields);
                default -> throw new IllegalArgumentException("it has a line of an unknown kind");
            }
        }

        private static String text(List<@Nullable String> fields, int index) {
            String field = index < fields.size() ? fields.get(index) : null;
            if (field == null) {
                throw new IllegalArgumentException("a line lacks field " + index);
            }
            return field;
        }

        private static @Nullable String optional(List<@Nullable String> fields, int index) {
            return index < fields.size() ? fields.get(index) : null;
        }

        private void source(List<@Nullable String> fields) {
            endSource();
            source = text(fields, 1);
            answered = Instant.parse(text(fields, 2));
            if (fields.size() > 3) {
                delivered.historyMark(new HistoryMark(
                        text(fields, 3),
                        Long.parseLong(text(fields, 4)),
                        text(fields, 5),
                        Instant.parse(text(fields, 6))));
            }
        }

        private void endSource() {
            if (answered != null) {
                sources.put(
                        source,
                        new SourceState(
                                source,
                                delivered.build(),
                                Collections.unmodifiableMap(held),
                                SourceHealth.restored(answered),
                                0));
            }
            delivered = FlagSet.builder();
            held = new HashMap<>();
        }

        private void flag(List<@Nullable String> fields) {
            String value = optional(fields, 2);
            String refused = optional(fields, 3);
            Instant changedAt = Instant.parse(text(fields, 4));
            String end = optional(fields, 5);
            String covered = optional(fields, 6);
            FlagEntry entry =
                    FlagEntry.of(refused != null ? refused : text(fields, 2)).changedAt(changedAt);
            long ends = Timeline.NEVER;
            if (end != null) {
                Duration left = Duration.between(now.instant(), Instant.parse(end));
                entry = entry.ending(left, covered);
                ends = now.nanos() + Timeline.nanos(left);
            }
            boolean enabled = value != null && Boolean.TRUE.equals(FlagText.parse(value));
            Held restored = new Held(entry, value, enabled, refused != null, changedAt, covered, ends);
            String key = text(fields, 1);
            delivered.put(key, entry);
            held.put(
                    key, end != null && restored.hasEnded(now.nanos()) ? restored.ended(Instant.parse(end)) : restored);
        }

        private void override(List<@Nullable String> fields) {
            Instant endsAt = Instant.parse(text(fields, 4));
            Duration left = Duration.between(now.instant(), endsAt);
            if (!left.isNegative() && !left.isZero()) {
                overrides.put(
                        text(fields, 1),
                        new LocalOverride(
                                text(fields, 2).equals("on"),
                                text(fields, 5),
                                Instant.parse(text(fields, 3)),
                                now.nanos() + Timeline.nanos(left),
                                endsAt));
            }
        }

        Content content() {
            endSource();
            return new Content(sources, overrides);
        }
    }
}
