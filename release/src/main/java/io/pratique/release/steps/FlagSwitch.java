package io.pratique.release.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.release.ChangeState;
import io.pratique.release.Step;
import io.pratique.release.StepContext;
import io.pratique.release.io.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns a flag on as a change of a release, and off when the release is undone, which is the quickest way back that there is.
 * Immutable.
 *
 * <pre>{@code
 * builder.step(FlagSwitch.of(store, "new-checkout").step("new-checkout"));
 * }</pre>
 *
 * <p>Each change is written with the id of the release, and only if nobody has changed the flag meanwhile. What somebody else
 * has set after the release is theirs: the verification fails and names them, and a flag that they have turned off stays
 * off. A flag that is set for a time, as by a kill that ends by itself, is not switched.
 */
public final class FlagSwitch {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HISTORY = 100;
    private static final int ATTEMPTS = 5;

    private final FlagStore store;
    private final String key;
    private final boolean restores;
    private final InstantSource clock;

    FlagSwitch(FlagStore store, String key, boolean restores, InstantSource clock) {
        this.store = store;
        this.key = key;
        this.restores = restores;
        this.clock = clock;
    }

    /** What this release has found, and the mark on what it has set: ids of releases are unique in one directory only. */
    private record Kept(@Nullable String before, String mark) {

        boolean marks(FlagRevision revision) {
            return revision.by().reason().endsWith(mark);
        }
    }

    /**
     * A switch for one flag.
     *
     * @param store where the flag is kept; not closed by this
     * @param key the flag key
     * @return a switch that turns the flag off when the release is undone, whatever it was before
     * @throws IllegalArgumentException if the store is null, or the key cannot be one
     */
    public static FlagSwitch of(FlagStore store, String key) {
        if (store == null) {
            throw new IllegalArgumentException("store of the flag to switch must be given, but is null");
        }
        return new FlagSwitch(store, FlagText.requireKey(key), false, InstantSource.system());
    }

    /**
     * The same switch that, when the release is undone, sets what was there before, or clears what was not there.
     *
     * @return a new switch
     */
    public FlagSwitch restoring() {
        return new FlagSwitch(store, key, true, clock);
    }

    /**
     * The whole change: what turns the flag on, looks whether it is, tells whether it was, and undoes it.
     *
     * @param name of the step
     * @return a step of kind {@code CHANGE}
     * @throws IllegalArgumentException if the name is none
     */
    public Step step(String name) {
        return Step.change(name, this::turnOn)
                .compensation(this::undo)
                .verification(this::verify)
                .probe(this::probe);
    }

    private void turnOn(StepContext context) throws IOException {
        Optional<FlagRevision> newest = newest();
        if (newest.isPresent() && newest.get().expiresAt() != null && !isOver(newest.get())) {
            throw new IllegalStateException(shown() + " is " + shown(newest.get()) + " until "
                    + newest.get().expiresAt() + ", as set by " + who(newest.get())
                    + "; wait until then, or clear it first");
        }
        String before =
                newest.map(revision -> revision.valueAt(clock.instant())).orElse(null);
        Kept kept = keep(context, new Kept(before, "[" + UUID.randomUUID() + "]"));
        if (write(context, kept, "on", newest).isEmpty()) {
            throw new IllegalStateException(changedMeanwhile());
        }
        context.tell(shown() + " is on, was " + (before == null ? "absent" : FlagText.printable(before)));
    }

    private void verify(StepContext context) throws IOException {
        Kept kept = kept(context);
        FlagRevision newest = newest().orElseThrow(() -> new IllegalStateException(shown() + " is absent"));
        if (kept == null || !kept.marks(newest)) {
            throw new IllegalStateException(shown() + " was set to " + shown(newest) + " by " + who(newest)
                    + " after this release turned it on, and stays so");
        }
        context.tell(shown() + " is on");
    }

    private ChangeState probe(StepContext context) throws IOException {
        return isMade(kept(context)) ? ChangeState.NEW : ChangeState.OLD;
    }

    private void undo(StepContext context) throws IOException {
        Kept kept = kept(context);
        if (kept == null || !isMade(kept)) {
            context.tell(shown() + " was not turned on");
            return;
        }
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            FlagRevision newest = newest().orElseThrow();
            boolean ours = kept.marks(newest) || isOver(newest);
            if (!ours && newest.expiresAt() == null && (restores || isOff(newest))) {
                context.tell(shown() + " stays " + shown(newest) + ", as set by " + who(newest));
                return;
            }
            // Of somebody else's value that ends by itself, the release's own would come through again: off it is.
            String value = restores && ours ? kept.before() : "off";
            if (!write(context, kept, value, Optional.of(newest)).isEmpty()) {
                context.tell(shown() + " is " + (value == null ? "absent" : FlagText.printable(value)));
                return;
            }
        }
        throw new IllegalStateException(changedMeanwhile());
    }

    /** Changes the flag unless somebody else has; nothing is made of it then. */
    private List<FlagRevision> write(
            StepContext context, Kept kept, @Nullable String value, Optional<FlagRevision> seen) {
        Attribution by = Attribution.of(
                "release/" + FlagText.printable(context.id(), 150),
                (value == null ? "clear" : FlagText.printable(value)) + " for release "
                        + FlagText.printable(context.version(), 100) + " " + kept.mark());
        FlagWrite write = value == null ? FlagWrite.clear(key, by) : FlagWrite.set(key, value, by);
        long version = seen.filter(this::isListed).map(FlagRevision::version).orElse(0L);
        return store.write(List.of(write.ifVersion(version)));
    }

    /** Whether a revision is still something: one that was cleared, or is over and covers nothing, is as absent. */
    private boolean isListed(FlagRevision revision) {
        return store.list().stream()
                .anyMatch(listed -> listed.key().equals(key) && listed.version() == revision.version());
    }

    private Optional<FlagRevision> newest() {
        return store.history(key, 1).stream().findFirst();
    }

    /** Whether this release has turned the flag on and not undone that. */
    private boolean isMade(@Nullable Kept kept) {
        return kept != null
                && store.history(key, HISTORY).stream()
                        .filter(kept::marks)
                        .findFirst()
                        .filter(latest -> latest.value() != null && isOn(latest.value()))
                        .isPresent();
    }

    private boolean isOver(FlagRevision revision) {
        return revision.expiresAt() != null && !clock.instant().isBefore(revision.expiresAt());
    }

    private static boolean isOn(String value) {
        return Boolean.TRUE.equals(FlagText.parse(value));
    }

    private static boolean isOff(FlagRevision revision) {
        return revision.value() != null && Boolean.FALSE.equals(FlagText.parse(revision.value()));
    }

    private static String shown(FlagRevision revision) {
        return revision.value() == null ? "absent" : "\"" + FlagText.printable(revision.value()) + "\"";
    }

    private static String who(FlagRevision revision) {
        return "\"" + FlagText.printable(revision.by().actor(), 100) + "\" at " + revision.changedAt() + " (\""
                + FlagText.printable(revision.by().reason(), 200) + "\")";
    }

    private String shown() {
        return "flag \"" + FlagText.printable(key) + "\"";
    }

    private String changedMeanwhile() {
        return shown() + " is changed by somebody else all the while; look at its history, and try again";
    }

    /** By the key's own bytes, for any text can be a key. */
    private Path file(StepContext context) {
        return context.directory()
                .resolve("flag-" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + ".json");
    }

    private Kept keep(StepContext context, Kept kept) throws IOException {
        ObjectNode node = JSON.createObjectNode()
                .put("flag", key)
                .put("before", kept.before())
                .put("mark", kept.mark());
        WholeFile.replace(file(context), JSON.writeValueAsBytes(node));
        return kept;
    }

    /** Null if this release has found nothing yet. */
    private @Nullable Kept kept(StepContext context) throws IOException {
        if (!Files.exists(file(context))) {
            return null;
        }
        JsonNode node = JSON.readTree(file(context).toFile());
        return new Kept(node.path("before").textValue(), node.path("mark").asText());
    }
}
