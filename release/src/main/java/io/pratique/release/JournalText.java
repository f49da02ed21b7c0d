package io.pratique.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.JournalEntry.Event;
import io.pratique.release.JournalEntry.Header;
import io.pratique.release.StepRecord.Part;
import io.pratique.release.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A journal as text: a line of JSON each, which names the SHA-256 of the line before. A line counts once its line end is
 * there; the last one may have been cut by a crash, and then never was written: what it tells of had not begun, or is
 * asked for again.
 */
final class JournalText {

    static final int FORMAT = 1;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JournalText() {}

    /**
     * What a journal holds.
     *
     * @param length of all whole lines, in bytes
     * @param hash of the last whole line; empty if there is none
     */
    record Content(Header header, List<JournalEntry> entries, int length, String hash) {}

    static byte[] line(Header header) {
        ObjectNode line = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("at", header.at().toString())
                .put("number", header.number())
                .put("version", header.version())
                .put("previousVersion", header.previousVersion())
                .put("token", header.token());
        header.plan().forEach(line.putArray("plan")::add);
        return bytes(line);
    }

    static byte[] line(JournalEntry entry, String previousHash) {
        ObjectNode line = JSON.createObjectNode()
                .put("previous", previousHash)
                .put("at", entry.at().toString())
                .put("event", entry.event().name());
        if (entry.step() != null && entry.part() != null) {
            line.put("step", entry.step()).put("part", entry.part().name());
        }
        return bytes(line.put("detail", entry.detail()));
    }

    private static byte[] bytes(ObjectNode line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads all whole lines.
     *
     * @throws IllegalArgumentException if it is no journal, of a newer format, or a line was changed after it was written
     */
    static Content read(byte[] bytes) {
        Header header = null;
        List<JournalEntry> entries = new ArrayList<>();
        int length = 0;
        String hash = "";
        for (int end = lineEnd(bytes, 0); end >= 0; end = lineEnd(bytes, length)) {
            String text = new String(bytes, length, end - length, StandardCharsets.UTF_8);
            boolean last = lineEnd(bytes, end + 1) < 0;
            JsonNode line = parse(text);
            if (line == null && last && header != null) {
                // Blocks reach a disk in any order: a line end is no proof that what is before it was written.
                break;
            }
            int number = entries.size() + (header == null ? 1 : 2);
            if (line == null) {
                throw broken(number, "is no JSON");
            }
            if (header == null) {
                header = header(line);
            } else {
                entries.add(entry(number, line, hash));
            }
            hash = Sha256.of(Arrays.copyOfRange(bytes, length, end + 1));
            length = end + 1;
        }
        if (header == null) {
            // A journal comes into being with its first line.
            throw broken(1, "is not there");
        }
        return new Content(header, List.copyOf(entries), length, hash);
    }

    private static int lineEnd(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable JsonNode parse(String text) {
        try {
            JsonNode line = JSON.readTree(text);
            return line.isObject() ? line : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static Header header(JsonNode line) {
        int format = line.path("format").asInt(-1);
        if (format != FORMAT) {
            throw new IllegalArgumentException("the journal has format \""
                    + FlagText.printable(line.path("format").asText())
                    + "\", and this version of Pratique knows only \"" + FORMAT
                    + "\"; go on with the version that wrote it");
        }
        List<String> plan = new ArrayList<>();
        line.path("plan").forEach(step -> plan.add(step.asText()));
        try {
            return new Header(
                    Instant.parse(line.path("at").asText()),
                    line.path("number").asLong(),
                    line.path("version").asText(),
                    line.path("previousVersion").textValue(),
                    line.path("token").asLong(),
                    plan);
        } catch (DateTimeException e) {
            throw broken(1, "has no time");
        }
    }

    private static JournalEntry entry(int number, JsonNode line, String hash) {
        if (!line.path("previous").asText().equals(hash)) {
            throw broken(number, "does not follow the line before it, so one of them was changed or is missing");
        }
        try {
            String step = line.path("step").textValue();
            String part = line.path("part").textValue();
            Event event = Event.valueOf(line.path("event").asText());
            String detail = line.path("detail").asText();
            boolean isOfStep = event == Event.INTENT || event == Event.SUCCESS || event == Event.FAILURE;
            if (isOfStep != (step != null && part != null)) {
                throw broken(number, "tells of a step without its name, or of no step with one");
            }
            if (event == Event.END) {
                ReleaseOutcome unused = ReleaseOutcome.valueOf(detail);
            }
            return new JournalEntry(
                    Instant.parse(line.path("at").asText()),
                    event,
                    step,
                    part == null ? null : Part.valueOf(part),
                    detail);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw broken(number, "tells of nothing that this version of Pratique knows");
        }
    }

    private static IllegalArgumentException broken(int number, String fault) {
        return new IllegalArgumentException("line " + number + " of the journal " + fault
                + "; look at it, and at what was released, then move it away");
    }
}
