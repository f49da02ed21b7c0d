package io.pratique.release.incidents;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.ReleaseOutcome;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A release that was undone or left in the middle, until somebody has looked into it. Immutable.
 *
 * @param id of the release, unique in its directory, such as {@code 7-v1.2.4}
 * @param service what was released; null if it was not told
 * @param version that was to be released
 * @param previousVersion that was there before; null if none is known
 * @param outcome what became of the release
 * @param reason why, one line for people; null if it is not known
 * @param openedAt when the incident was opened first
 * @param dueAt until when somebody is to have closed it
 * @param ticket where the work on it is kept; null if nowhere
 * @param revision 1 for a new incident, and one more each time that another outcome or reason is known, or it is closed
 * @param closing who has closed it; null while it is open
 * @param deliveries to whom it was told
 */
public record Incident(
        String id,
        @Nullable String service,
        String version,
        @Nullable String previousVersion,
        ReleaseOutcome outcome,
        @Nullable String reason,
        Instant openedAt,
        Instant dueAt,
        @Nullable URI ticket,
        int revision,
        @Nullable Closing closing,
        List<Delivery> deliveries) {

    /**
     * That somebody has closed an incident.
     *
     * @param at when
     * @param by who
     * @param note what came of it; may be empty
     */
    public record Closing(Instant at, String by, String note) {}

    /**
     * Copies the list.
     *
     * @param id of the release
     * @param service what was released
     * @param version that was to be released
     * @param previousVersion that was there before
     * @param outcome what became of the release
     * @param reason why
     * @param openedAt when the incident was opened first
     * @param dueAt until when somebody is to have closed it
     * @param ticket where the work on it is kept
     * @param revision from 1
     * @param closing who has closed it
     * @param deliveries to whom it was told
     */
    public Incident {
        deliveries = List.copyOf(deliveries);
    }

    /**
     * By what receivers recognise the incident: the id, behind the service if that is known.
     *
     * @return such as {@code worker/7-v1.2.4}
     */
    public String key() {
        return service == null ? id : service + "/" + id;
    }

    /**
     * What has happened.
     *
     * @return one line for people, such as {@code Release v1.2.4 of worker: ROLLED_BACK}
     */
    public String title() {
        return "Release " + version + (service == null ? "" : " of " + service) + ": " + outcome;
    }

    /**
     * Whether nobody has closed it.
     *
     * @return false once somebody has
     */
    public boolean isOpen() {
        return closing == null;
    }

    /**
     * Whether nobody has closed it in time.
     *
     * @param now the time to compare with
     * @return true if it is open and was due before
     */
    public boolean isOverdue(Instant now) {
        return isOpen() && dueAt.isBefore(now);
    }

    /** Whether a receiver is to be told now: of what is open also one that is new, of a closing who was to be told before. */
    boolean isDueFor(String receiver, Instant now) {
        return (isOpen() || isNoted(receiver)) && delivery(receiver).isDue(now);
    }

    private boolean isNoted(String receiver) {
        return deliveries.stream().anyMatch(each -> each.receiver().equals(receiver));
    }

    /** With a receiver to be told that was perhaps not known when the incident was opened. */
    Incident noting(String receiver) {
        return isNoted(receiver) ? this : with(delivery(receiver));
    }

    /** How far the telling to a receiver has come, which need not have been known when the incident was opened. */
    Delivery delivery(String receiver) {
        return deliveries.stream()
                .filter(each -> each.receiver().equals(receiver))
                .findFirst()
                .orElseGet(() -> Delivery.to(receiver));
    }

    Incident with(Delivery delivery) {
        List<Delivery> all = new ArrayList<>(deliveries);
        all.removeIf(each -> each.receiver().equals(delivery.receiver()));
        all.add(delivery);
        return with(ticket, all);
    }

    Incident withTicket(@Nullable URI link) {
        return with(link, deliveries);
    }

    /** With all who were told, or were to be, to be told that. */
    Incident closed(Closing by) {
        return changed(outcome, reason, dueAt, by);
    }

    /** With all that was not told to be told now. */
    Incident requeued() {
        List<Delivery> all = deliveries.stream()
                .map(each -> each.state() == Delivery.State.DELIVERED ? each : each.again())
                .toList();
        return with(ticket, all);
    }

    private Incident with(@Nullable URI link, List<Delivery> told) {
        return new Incident(
                id, service, version, previousVersion, outcome, reason, openedAt, dueAt, link, revision, closing, told);
    }

    /**
     * The same incident with what became of the release since.
     *
     * @param reopenedUntil until when it is due if it was closed and has to be opened again; null if it has not
     * @return this one if nothing is new
     */
    Incident changed(ReleaseOutcome newOutcome, @Nullable String newReason, @Nullable Instant reopenedUntil) {
        if (outcome == newOutcome && (newReason == null || newReason.equals(reason))) {
            return this;
        }
        return changed(
                newOutcome,
                newReason,
                closing == null || reopenedUntil == null ? dueAt : reopenedUntil,
                reopenedUntil == null ? closing : null);
    }

    private Incident changed(
            ReleaseOutcome newOutcome, @Nullable String newReason, Instant newDueAt, @Nullable Closing by) {
        return new Incident(
                id,
                service,
                version,
                previousVersion,
                newOutcome,
                newReason,
                openedAt,
                newDueAt,
                ticket,
                revision + 1,
                by,
                deliveries.stream().map(Delivery::again).toList());
    }

    /** One line for people. */
    @Override
    public String toString() {
        String state = closing == null
                ? "open, due " + dueAt
                : "closed by " + FlagText.printable(closing.by(), 100) + " at " + closing.at();
        return "Incident " + id + ", " + state + ". " + title() + (reason == null ? "" : ", since " + reason);
    }
}
