package io.pratique.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.release.io.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the file of a lock says.
 *
 * @param token of the one who has it, or had it last; 0 if nobody ever had
 * @param held whether somebody has it
 * @param lease how long the holder may be silent
 * @param line who waits, the first in line first
 */
record LockFile(
        long token, boolean held, String holder, String reason, Instant since, Duration lease, List<String> line) {

    private static final int FORMAT = 1;
    private static final long MOST = 1L << 53;
    private static final ObjectMapper JSON = new ObjectMapper();

    static final LockFile NEW = new LockFile(0, false, "", "", Instant.EPOCH, Duration.ZERO, List.of());

    LockFile {
        line = List.copyOf(line);
        if (token < 0 || token > MOST) {
            throw new IllegalArgumentException("token \"" + token + "\" is none");
        }
    }

    LockFile takenBy(String newHolder, String newReason, Instant now, Duration newLease) {
        return new LockFile(token + 1, true, newHolder, newReason, now, newLease, line);
    }

    LockFile free() {
        return new LockFile(token, false, holder, reason, since, lease, line);
    }

    LockFile withLine(List<String> newLine) {
        return new LockFile(token, held, holder, reason, since, lease, newLine);
    }

    /** Reads it as it is now; it is only ever replaced as a whole. */
    static LockFile read(Path file) throws IOException {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            if (json.path("format").asInt(-1) != FORMAT) {
                throw unreadable(file, null);
            }
            List<String> line = new ArrayList<>();
            json.path("line").forEach(each -> line.add(each.asText()));
            return new LockFile(
                    json.path("token").asLong(-1),
                    json.path("held").asBoolean(),
                    json.path("holder").asText(),
                    json.path("reason").asText(),
                    Instant.parse(json.path("since").asText()),
                    Duration.parse(json.path("lease").asText()),
                    line);
        } catch (NoSuchFileException e) {
            return NEW;
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
            throw unreadable(file, e);
        }
    }

    private static IOException unreadable(Path file, @Nullable Exception cause) {
        return new IOException(
                "the lock's file \"" + file
                        + "\" is none that this version of Pratique wrote; make sure that no release runs, and remove it",
                cause);
    }

    /** Replaces the file as a whole: whoever is killed meanwhile leaves the old one or the new one. */
    void write(Path file) throws IOException {
        ObjectNode json = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("token", token)
                .put("held", held)
                .put("holder", holder)
                .put("reason", reason)
                .put("since", since.toString())
                .put("lease", lease.toString());
        ArrayNode waiting = json.putArray("line");
        line.forEach(waiting::add);
        WholeFile.replace(file, JSON.writeValueAsBytes(json));
    }
}
