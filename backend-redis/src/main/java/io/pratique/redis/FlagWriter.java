package io.pratique.redis;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.HistoryMark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes changes on the server, and tells of those that were made. */
final class FlagWriter {

    /** Redis takes 2^20 words in a command: EVALSHA, digest, number of keys, keys, channel, epoch, and these. */
    private static final int ARGUMENTS = 8;

    static final int MOST_WRITES = ((1 << 20) - 11) / ARGUMENTS;

    private final Server server;

    FlagWriter(Server server) {
        this.server = server;
    }

    List<FlagRevision> write(List<FlagWrite> writes) {
        if (writes.isEmpty()) {
            throw new IllegalArgumentException("a write to Redis must make one change at least, but is \"[]\"");
        }
        if (writes.size() > MOST_WRITES) {
            throw new IllegalArgumentException("a write to Redis must make " + MOST_WRITES
                    + " changes at most, for Redis takes no more in one command, but makes \"" + writes.size()
                    + "\"; make several writes of them");
        }
        List<String> arguments = new ArrayList<>(2 + ARGUMENTS * writes.size());
        arguments.add(Keys.channel(server.settings().namespace()));
        arguments.add(random());
        writes.forEach(write -> addTo(arguments, write));
        List<Reply> made = run(Script.WRITE, arguments).arrays();
        List<FlagRevision> revisions = new ArrayList<>(made.size());
        for (int i = 0; i < made.size(); i++) {
            Reply change = made.get(i);
            FlagWrite write = writes.get(i);
            revisions.add(new FlagRevision(
                    write.key(),
                    change.number(0),
                    write.value(),
                    change.optionalTime(2),
                    change.optionalText(3),
                    change.time(1),
                    write.by()));
        }
        return List.copyOf(revisions);
    }

    private static void addTo(List<String> arguments, FlagWrite write) {
        Duration lasting = write.lasting();
        arguments.add(random());
        arguments.add(write.key());
        arguments.add(write.value() == null ? "clear" : "set");
        arguments.add(orEmpty(write.value()));
        arguments.add(lasting == null ? "" : Long.toString(micros(lasting)));
        arguments.add(write.ifVersion() == null ? "" : write.ifVersion().toString());
        arguments.add(write.by().actor());
        arguments.add(write.by().reason());
    }

    /** At least one: a value that ends at once is none. */
    private static long micros(Duration duration) {
        return Math.max(1, TimeUnit.MICROSECONDS.convert(duration));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String random() {
        return UUID.randomUUID().toString();
    }

    List<FlagRevision> list() {
        Reply reply = run(Script.LIST, List.of());
        Map<String, String> meta = reply.array(1).map();
        Map<String, String> by = reply.array(2).map();
        List<FlagRevision> revisions = new ArrayList<>();
        reply.array(0).map().forEach((key, value) -> {
            Meta known = Meta.parse(key, meta.get(key));
            String[] attribution = orEmpty(by.get(key)).split("\0", 2);
            revisions.add(new FlagRevision(
                    key,
                    known.version(),
                    value,
                    known.expiresAt(),
                    known.covered(),
                    known.changedAt(),
                    attribution(key, attribution[0], attribution.length < 2 ? null : attribution[1])));
        });
        Instant now = reply.time(3);
        revisions.removeIf(revision -> revision.valueAt(now) == null);
        revisions.sort(Comparator.comparing(FlagRevision::key));
        return List.copyOf(revisions);
    }

    List<FlagRevision> history(String key, int limit) {
        Objects.requireNonNull(key, "key");
        if (limit < 1) {
            throw new IllegalArgumentException("limit of the history of flag \"" + FlagText.printable(key)
                    + "\" must be at least 1, but is \"" + limit + "\"");
        }
        return run(Script.HISTORY, List.of(key, Integer.toString(limit))).arrays().stream()
                .map(change -> revision(key, change.number(0), change.array(1).map()))
                .toList();
    }

    private static FlagRevision revision(String key, long version, Map<String, String> change) {
        String ends = change.get("ends");
        try {
            return new FlagRevision(
                    key,
                    version,
                    change.get("value"),
                    ends == null ? null : Reply.time(Long.parseLong(ends)),
                    change.get("covered"),
                    Reply.time(Long.parseLong(orEmpty(change.get("at")))),
                    attribution(key, change.get("by"), change.get("reason")));
        } catch (NumberFormatException e) {
            throw foreign(key, e);
        }
    }

    private static Attribution attribution(String key, @Nullable String actor, @Nullable String reason) {
        try {
            return Attribution.of(orEmpty(actor), orEmpty(reason));
        } catch (IllegalArgumentException e) {
            throw foreign(key, e);
        }
    }

    private static FlagStoreException foreign(String key, Exception cause) {
        return new FlagStoreException(
                "what is kept of flag \"" + FlagText.printable(key)
                        + "\" in Redis was written by something else; set or clear that flag again",
                cause);
    }

    void accept(String lostEpoch, Attribution by) {
        HistoryMark.requireEpoch(lostEpoch);
        run(
                Script.ACCEPT,
                List.of(Keys.channel(server.settings().namespace()), lostEpoch, random(), by.actor(), by.reason()));
    }

    private Reply run(Script script, List<String> arguments) {
        try {
            return server.run(script, arguments);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            String doubt = script == Script.WRITE && e.getCause() != null ? RedisFault.MAY_BE_MADE : "";
            throw new FlagStoreException(
                    server.access().subject() + " was being asked when the thread was interrupted" + doubt, e);
        }
    }
}
