package io.pratique.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The journals of releases that are over, by their numbers. */
final class Past {

    private static final String END = ".journal";

    private final Path directory;

    Past(Path directory) {
        this.directory = directory;
    }

    /** Where the journal of a release belongs once that is over. */
    Path place(String id) throws IOException {
        return Files.createDirectories(directory).resolve(id + END);
    }

    /** All that are over, the newest first. */
    List<ReleaseRecord> releases() throws IOException {
        List<ReleaseRecord> releases = new ArrayList<>();
        for (Path file : newestFirst()) {
            ReleaseRecord release = release(file);
            if (release != null) {
                releases.add(release);
            }
        }
        return releases;
    }

    /** Larger than that of each release before. */
    long nextNumber() throws IOException {
        List<Path> files = newestFirst();
        return files.isEmpty() ? 1 : number(files.get(0)) + 1;
    }

    /** What was released last and not undone, found without a look at what was before; null if there is none. */
    @Nullable ReleaseRecord current() throws IOException {
        for (Path file : newestFirst()) {
            ReleaseRecord release = release(file);
            if (release != null && release.stands()) {
                return release;
            }
        }
        return null;
    }

    private static @Nullable ReleaseRecord release(Path file) throws IOException {
        JournalText.Content content = Journal.read(file);
        return content == null ? null : ReleaseRecord.of(content.header(), content.entries(), file);
    }

    private List<Path> newestFirst() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(END) && Files.isRegularFile(file))
                    .sorted(Comparator.comparingLong(Past::number).reversed())
                    .toList();
        }
    }

    private static long number(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            return Long.parseLong(name.substring(0, Math.max(0, name.indexOf('-'))));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
