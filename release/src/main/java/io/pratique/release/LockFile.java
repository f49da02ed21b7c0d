package io.pratique.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the file of a lock says.
 *
 * @param token of the one who has it, or had it last; 0 if nobody ever had
 * @param held whether somebody has it
 * @param beat grows with each sign of life
 * @param line who waits, the first in line first
 */
record LockFile(long token, boolean held, String holder, String reason, Instant since, long beat, List<String> line) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static final LockFile NEW = new LockFile(0, false, "", "", Instant.EPOCH, 0, List.of());

    LockFile {
        line = List.copyOf(line);
    }

    LockFile takenBy(String newHolder, String newReason, Instant now) {
        return new LockFile(token + 1, true, newHolder, newReason, now, 0, line);
    }

    LockFile beaten() {
        return new LockFile(token, held, holder, reason, since, beat + 1, line);
    }

    LockFile free() {
        return new LockFile(token, false, holder, reason, since, beat, line);
    }

    LockFile withLine(List<String> newLine) {
        return new LockFile(token, held, holder, reason, since, beat, newLine);
    }

    static LockFile read(Path file) throws IOException {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            List<String> line = new ArrayList<>();
            json.path("line").forEach(each -> line.add(each.asText()));
            return new LockFile(
                    json.path("token").asLong(),
                    json.path("held").asBoolean(),
                    json.path("holder").asText(),
                    json.path("reason").asText(),
                    Instant.parse(json.path("since").asText()),
                    json.path("beat").asLong(),
                    line);
        } catch (NoSuchFileException e) {
            return NEW;
        } catch (DateTimeException e) {
            throw new IOException(
                    "the lock file \"" + file + "\" has no time in it; was it written by something else?", e);
        }
    }

    /** Replaces the file as a whole: whoever is killed meanwhile leaves the old one or the new one. */
    void write(Path file) throws IOException {
        ObjectNode json = JSON.createObjectNode()
                .put("token", token)
                .put("held", held)
                .put("holder", holder)
                .put("reason", reason)
                .put("since", since.toString())
                .put("beat", beat);
        ArrayNode waiting = json.putArray("line");
        line.forEach(waiting::add);
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(json));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
