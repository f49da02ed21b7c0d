package io.pratique.release.incidents;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.io.WholeFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The incidents of a directory, a file each. May be used by all threads of all processes. */
final class IncidentStore {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,149}");
    private static final Duration OTHERS_WRITE = Duration.ofSeconds(30);
    private static final String END = ".json";

    private final Path directory;

    IncidentStore(Path directory) {
        this.directory = directory;
    }

    /** What is to be kept of an incident. */
    @FunctionalInterface
    interface Change {
        @Nullable Incident of(@Nullable Incident before) throws IOException;
    }

    Path directory() {
        return directory;
    }

    /** All ids, in no order. */
    List<String> ids() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(END))
                    .map(name -> name.substring(0, name.length() - END.length()))
                    .filter(id -> ID.matcher(id).matches())
                    .toList();
        } catch (NoSuchFileException nothingWasEverOpened) {
            return List.of();
        }
    }

    /** All incidents, the newest first. */
    List<Incident> all() throws IOException {
        List<Incident> all = new ArrayList<>();
        for (String id : ids()) {
            Incident incident = read(id);
            if (incident != null) {
                all.add(incident);
            }
        }
        all.sort(NEWEST_FIRST);
        return all;
    }

    /**
     * The incidents that can be read, the newest first: one that cannot keeps no other from being told.
     *
     * @param unreadable told of the others, by their ids
     */
    List<Incident> readable(BiConsumer<String, IOException> unreadable) throws IOException {
        List<Incident> readable = new ArrayList<>();
        for (String id : ids()) {
            try {
                Incident incident = read(id);
                if (incident != null) {
                    readable.add(incident);
                }
            } catch (IOException e) {
                unreadable.accept(id, e);
            }
        }
        readable.sort(NEWEST_FIRST);
        return readable;
    }

    private static final Comparator<Incident> NEWEST_FIRST =
            Comparator.comparing(Incident::openedAt).thenComparing(Incident::id).reversed();

    private Path file(String id) {
        if (id == null || !ID.matcher(id).matches()) {
            throw new IllegalArgumentException("id of an incident must be that of a release, such as 7-v1.2.4, but is "
                    + (id == null ? "null" : "\"" + FlagText.printable(id, 100) + "\""));
        }
        return directory.resolve(id + END);
    }

    /** An incident as it is now; null if there is none. */
    @Nullable Incident read(String id) throws IOException {
        Path file = file(id);
        try {
            Incident incident = IncidentJson.read(Files.readAllBytes(file));
            if (!incident.id().equals(id)) {
                throw unreadable(file, null);
            }
            return incident;
        } catch (NoSuchFileException e) {
            return null;
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
            throw unreadable(file, e);
        }
    }

    private static IOException unreadable(Path file, @Nullable Exception cause) {
        return new IOException(
                "the incident \"" + file
                        + "\" is none that this version of Pratique wrote; look at it, then move it away",
                cause);
    }

    /**
     * Changes an incident, which nobody else changes meanwhile.
     *
     * @return what is kept now; null if nothing is
     */
    @Nullable Incident change(String id, Change change) throws IOException, InterruptedException {
        Path file = file(id);
        Files.createDirectories(directory);
        try (QueueLock lock = QueueLock.acquire(directory, "write.lock", OTHERS_WRITE)) {
            if (lock == null) {
                throw new IOException("the incident \"" + file + "\" cannot be written, since another process has \""
                        + directory.resolve("write.lock") + "\" for longer than " + OTHERS_WRITE + "; is one paused?");
            }
            Incident before = read(id);
            Incident after = change.of(before);
            if (after != null && !after.equals(before)) {
                // Not even an interrupt keeps what was told from being written down.
                WholeFile.replace(file, IncidentJson.bytes(after));
            }
            return after;
        }
    }

    /**
     * Writes a file that is not there yet, as a whole.
     *
     * @return false if it is there, and then it is as it was
     */
    static boolean writeNew(Path file, byte[] bytes) throws IOException {
        if (Files.exists(file)) {
            return false;
        }
        Path draft = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            WholeFile.write(draft, bytes);
            place(draft, file);
            WholeFile.forceDirectory(file);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Unlike a move, a link never replaces what somebody has written just now; but not all file systems have links. */
    private static void place(Path draft, Path file) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException noLinksHere) {
            Files.move(draft, file);
        }
    }
}
