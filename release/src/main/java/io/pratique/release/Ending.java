package io.pratique.release;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One end of a release: a release that was done, and undone later, has two.
 *
 * @param outcome what became of it
 * @param begunAt when it was begun, or taken up again after the end before
 * @param endedAt when it ended
 */
record Ending(ReleaseOutcome outcome, Instant begunAt, Instant endedAt) {

    /** All ends of a release, the first one first. Its journal may go from one place to the other meanwhile. */
    static List<Ending> of(ReleaseRecord release, Path directory) throws IOException {
        ReleaseDirectory journals = new ReleaseDirectory(directory);
        Path past = directory.resolve("past").resolve(release.id() + ".journal");
        for (Path file : List.of(release.journal(), past, journals.journalFile())) {
            JournalText.Content content = Journal.read(file);
            if (content != null && content.header().number() == release.number()) {
                return of(content);
            }
        }
        return List.of();
    }

    private static List<Ending> of(JournalText.Content content) {
        List<Ending> endings = new ArrayList<>();
        Instant begunAt = content.header().at();
        boolean ended = false;
        for (JournalEntry entry : content.entries()) {
            switch (entry.event()) {
                case END -> {
                    endings.add(new Ending(ReleaseOutcome.valueOf(entry.detail()), begunAt, entry.at()));
                    ended = true;
                }
                case RESUMED -> {
                    begunAt = ended ? entry.at() : begunAt;
                    ended = false;
                }
                default -> {
                    // Is of a step, or of what comes before an end.
                }
            }
        }
        return endings;
    }

    Duration duration() {
        return Duration.between(begunAt, endedAt);
    }
}
