package io.pratique.flags;

import io.pratique.flags.spi.FlagText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The keys that were asked for and found nowhere. The first thousand are remembered; of the others only the number of
 * checks is, so that keys made up at run time cost no memory.
 */
final class UnknownKeyMemory {

    static final int REMEMBERED = 1_000;

    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private final Set<String> reported = new HashSet<>();
    private final LongAdder further = new LongAdder();

    /** Notes a check of such a key; true the first time that the key is remembered. */
    boolean saw(@Nullable String key) {
        if (key != null && keys.contains(key)) {
            return false;
        }
        boolean first = key != null && FlagText.isKey(key) && remember(key);
        if (!first) {
            further.increment();
        }
        return first;
    }

    private boolean remember(String key) {
        if (keys.size() >= REMEMBERED) {
            return false;
        }
        synchronized (keys) {
            return keys.size() < REMEMBERED && keys.add(key);
        }
    }

    Set<String> keys() {
        return keys;
    }

    /** The remembered keys that have not been reported, which they are from now on. */
    List<String> takeUnreported() {
        synchronized (reported) {
            return keys.stream().filter(reported::add).sorted().toList();
        }
    }

    boolean hasUnreported() {
        synchronized (reported) {
            return reported.size() < keys.size();
        }
    }

    /** What to show of this; a remembered key may have become known since. */
    UnknownKeys toPublic(Predicate<String> stillUnknown) {
        return new UnknownKeys(keys.stream().filter(stillUnknown).sorted().toList(), further.sum());
    }
}
