package io.pratique.redis;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.HistoryMark;
import io.pratique.flags.spi.LostHistoryException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes flag sets of what the server tells. */
final class FlagReader {

    private static final String CHANGES = "changes";
    private static final String ALL = "all";

    private final Server server;
    private final AtomicBoolean resync = new AtomicBoolean();

    FlagReader(Server server) {
        this.server = server;
    }

    /** Has the next reload read everything. */
    void resync() {
        resync.set(true);
    }

    FlagSet load() throws InterruptedException {
        return all(server.run(Script.POLL, List.of()));
    }

    FlagSet reload(FlagSet previous) throws InterruptedException, LostHistoryException {
        HistoryMark seen = previous.historyMark();
        if (seen == null) {
            FlagSet now = load();
            return now.equals(previous) ? previous : now;
        }
        boolean everything = resync.getAndSet(false);
        try {
            return reload(previous, seen, everything);
        } catch (Throwable failed) {
            // What was to be read anew still is.
            resync.compareAndSet(false, everything);
            throw failed;
        }
    }

    private FlagSet reload(FlagSet previous, HistoryMark seen, boolean everything)
            throws InterruptedException, LostHistoryException {
        String sequence = Long.toString(seen.sequence());
        Reply reply = server.run(
                Script.POLL,
                everything
                        ? List.of(seen.epoch(), sequence, seen.id(), ALL)
                        : List.of(seen.epoch(), sequence, seen.id()));
        if (reply.size() == 0) {
            return previous;
        }
        if (reply.text(0).equals(CHANGES)) {
            return changed(previous, reply);
        }
        FlagSet now = all(reply);
        boolean known = reply.number(6) == 1;
        Set<String> accepted = Set.copyOf(reply.array(7).texts());
        FlagSet believed = now.following(previous, known, accepted);
        return believed.equals(previous) ? previous : believed;
    }

    private static FlagSet changed(FlagSet previous, Reply reply) {
        Instant now = reply.time(1);
        FlagSet.Builder set = previous.toBuilder().historyMark(mark(reply));
        Reply changes = reply.array(6);
        for (int i = 0; i < changes.size(); i += 3) {
            String key = changes.text(i);
            String value = changes.optionalText(i + 1);
            if (value == null) {
                set.remove(key);
            } else {
                set.put(key, Meta.parse(key, changes.optionalText(i + 2)).entry(value, now));
            }
        }
        return set.build();
    }

    private static FlagSet all(Reply reply) {
        Instant now = reply.time(1);
        Map<String, String> meta = reply.array(9).map();
        FlagSet.Builder set = FlagSet.builder();
        reply.array(8)
                .map()
                .forEach((key, value) ->
                        set.put(key, Meta.parse(key, meta.get(key)).entry(value, now)));
        if (reply.optionalText(2) != null) {
            set.historyMark(mark(reply));
        }
        return set.build();
    }

    private static HistoryMark mark(Reply reply) {
        return new HistoryMark(reply.text(2), reply.number(3), reply.text(4), reply.time(5));
    }
}
