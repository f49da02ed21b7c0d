package io.pratique.release.checks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.release.checks.Signal.Kind;
import io.pratique.release.checks.Signal.Sight;
import io.pratique.release.checks.Signal.Sighting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file that holds what a watch has seen last; whoever reads it finds it in whole. */
record WatchFile(Path directory) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Takes the place of what is there. What is not watched or not known is null. */
    void write(List<SignalTrack> tracks, Instant at, @Nullable Kind trigger) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        for (Kind kind : Kind.values()) {
            json.putNull(kind.key());
        }
        for (SignalTrack track : tracks) {
            put(json, track.signal().kind(), track.last());
        }
        json.put("at", at.toString());
        json.put("trigger", trigger == null ? null : trigger.key());
        Path part = directory.resolve("watch.json.part");
        Files.write(part, JSON.writeValueAsBytes(json));
        Files.move(
                part,
                directory.resolve("watch.json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void put(ObjectNode json, Kind kind, Sighting seen) {
        double value = seen.value();
        if (seen.sight() == Sight.UNKNOWN) {
            return;
        }
        if (kind == Kind.HEALTH) {
            json.put(kind.key(), seen.sight() == Sight.GOOD);
        } else if (kind == Kind.BACKLOG && value == (long) value) {
            json.put(kind.key(), (long) value);
        } else if (Double.isFinite(value)) {
            json.put(kind.key(), value);
        }
    }
}
