package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.JournalEntry.Header;
import io.pratique.release.io.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where journals are, and what steps keep. Used by who holds the lock. */
final class ReleaseDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(Release.class);

    private final Path directory;

    ReleaseDirectory(Path directory) {
        this.directory = directory;
    }

    /** The journal of the release under way. */
    Path journalFile() {
        return directory.resolve("release.journal");
    }

    Past past() {
        return new Past(directory.resolve("past"));
    }

    /** Where the steps of a release keep files. */
    Path filesOf(Header header) throws IOException {
        return Files.createDirectories(directory.resolve("files").resolve(ReleaseRecord.id(header)));
    }

    /** The release that is neither done nor undone, or only was not put away; none or one. */
    List<ReleaseRecord> underWay() throws IOException {
        JournalText.Content content = Journal.read(journalFile());
        return content == null
                ? List.of()
                : List.of(ReleaseRecord.of(content.header(), content.entries(), journalFile()));
    }

    /** Does what a release that was killed right after its end has not done. */
    void putAwayWhatIsOver() throws IOException {
        for (ReleaseRecord release : underWay()) {
            ReleaseOutcome end = release.outcome();
            if (end != null && end.isEnd()) {
                Journal.move(journalFile(), past().place(release.id()));
            }
            mark(end, release.version(), release.reason());
        }
    }

    /** A file that is there for as long as a release could not be undone, for whoever watches directories. */
    void mark(@Nullable ReleaseOutcome outcome, String version, @Nullable String reason) {
        Path marker = directory.resolve("ROLLBACK-FAILED");
        try {
            if (outcome == ReleaseOutcome.ROLLBACK_FAILED) {
                Files.writeString(
                        marker,
                        "Release " + version + " could not be undone in whole. It was to be undone, since " + reason
                                + ".\nWhat stays is told by " + journalFile()
                                + ". Mend it, and roll back again; this file goes then.\n");
            } else {
                Files.deleteIfExists(marker);
            }
        } catch (IOException e) {
            Trouble.warn(LOG, e)
                    .addKeyValue("release", version)
                    .log("The marker of a failed rollback is not as it should be");
        }
    }

    void requireNoneUnderWay() throws IOException {
        JournalText.Content begun = Journal.read(journalFile());
        if (begun != null) {
            throw new UnfinishedReleaseException(begun.header().version(), journalFile());
        }
    }

    /** Removes what a check has kept, as far as that can be done. */
    void remove(Path files) {
        try (Stream<Path> all = Files.walk(files)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("Files of a check stay in {}", files);
        }
    }

    /** The journal under way, if it is of this release. */
    Journal reopened(String what, String version, List<String> plan) throws IOException {
        requireMine(what, version, plan, journalFile());
        return Objects.requireNonNull(Journal.open(journalFile()));
    }

    /** The same, or else the journal of what was done last. */
    Journal reopenedOrLastDone(String what, String version, List<String> plan) throws IOException {
        ReleaseRecord done = Files.exists(journalFile()) ? null : past().current();
        if (done != null) {
            requireMine(what, version, plan, done.journal());
            Journal.move(done.journal(), journalFile());
        }
        return reopened(what, version, plan);
    }

    private void requireMine(String what, String version, List<String> plan, Path file) throws IOException {
        JournalText.Content content = Journal.read(file);
        if (content == null) {
            throw new IllegalStateException("there is no release to " + what + " in \"" + directory + "\"");
        }
        Header header = content.header();
        if (!header.version().equals(version) || !header.plan().equals(plan)) {
            throw new IllegalStateException("the release to " + what + " is \""
                    + FlagText.printable(header.version(), 100)
                    + "\" with the steps " + header.plan() + ", but this is \"" + version + "\" with the steps " + plan
                    + "; " + what + " it with the plan that began it");
        }
    }

    /** Puts a journal away whose release is over. Gives where it is then; what cannot be put away, the next release does. */
    Path putAway(Journal journal, ReleaseOutcome outcome) {
        if (outcome.isEnd()) {
            try {
                Path kept = past().place(ReleaseRecord.id(journal.header()));
                journal.moveTo(kept);
                return kept;
            } catch (IOException e) {
                Trouble.warn(LOG, e)
                        .addKeyValue("release", journal.header().version())
                        .log("The journal of a release stays where it is");
            }
        }
        return journalFile();
    }
}
