package io.pratique.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All releases of a service, as their journals tell. It is read without the lock, also while a release runs, and is what
 * was there at that time.
 *
 * @param releases the newest first
 */
public record ReleaseHistory(List<ReleaseRecord> releases) {

    /**
     * Copies the list.
     *
     * @param releases the newest first
     */
    public ReleaseHistory {
        releases = List.copyOf(releases);
    }

    /**
     * Reads the journals of a directory.
     *
     * @param directory as given to {@link Release.Builder#directory}; there are no releases if it is not there
     * @return what they tell now
     * @throws IOException if they cannot be read
     * @throws IllegalArgumentException if one of them was changed, or is of a newer format
     */
    public static ReleaseHistory in(Path directory) throws IOException {
        if (directory == null) {
            throw new IllegalArgumentException("directory of the releases must be given, but is null");
        }
        ReleaseDirectory journals = new ReleaseDirectory(directory);
        Map<Long, ReleaseRecord> found = new TreeMap<>(Comparator.reverseOrder());
        // A journal may go from one place to the other meanwhile, and back: whichever is looked at last knows best.
        add(found, journals.underWay());
        add(found, journals.past().releases());
        add(found, journals.underWay());
        return new ReleaseHistory(List.copyOf(found.values()));
    }

    private static void add(Map<Long, ReleaseRecord> found, Collection<ReleaseRecord> releases) {
        releases.forEach(release -> found.put(release.number(), release));
    }

    /**
     * The release that is neither done nor undone.
     *
     * @return null if there is none; else it runs, or was ended by a crash or a doubt, or could not be undone
     */
    public @Nullable ReleaseRecord underWay() {
        return releases.stream()
                .filter(release ->
                        release.outcome() == null || !release.outcome().isEnd())
                .findFirst()
                .orElse(null);
    }

    /**
     * What was released last and not undone.
     *
     * @return null if there is none
     */
    public @Nullable ReleaseRecord current() {
        return releases.stream().filter(ReleaseRecord::stands).findFirst().orElse(null);
    }

    /**
     * The version of what was released last and not undone.
     *
     * @return null if there is none
     */
    public @Nullable String currentVersion() {
        ReleaseRecord current = current();
        return current == null ? null : current.version();
    }
}
