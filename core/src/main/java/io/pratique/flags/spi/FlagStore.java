package io.pratique.flags.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A source that can be written, too. Each change is kept for good with its actor and reason, all changes of a store are
 * in one order, and whoever reads the store sees them in that order.
 *
 * <p>The methods declared here block until the server has answered, may be called on any thread and by several at once,
 * and throw {@link FlagStoreException} where the server does not do its part. After such an exception a change may or
 * may not have been made: {@link #history} tells. {@linkplain FlagWrite#ifVersion Expecting a version} makes it safe to
 * try again.
 */
public interface FlagStore extends FlagSource {

    /**
     * Makes changes, all of them or none, in the order given. A version that is expected is the one before all
     * of them.
     *
     * @param writes at least one; of several changes of one flag the last one counts
     * @return what was made of each, in the same order; empty if one of the flags had another version than expected, and
     *     nothing was changed
     * @throws IllegalArgumentException if there is no change to make
     * @throws FlagStoreException if the server is out of reach or refuses
     */
    List<FlagRevision> write(List<FlagWrite> writes);

    /**
     * The flags as they are now.
     *
     * @return the latest revision of each flag that is not absent, sorted by key; one whose end has passed is among them
     *     if it {@linkplain FlagRevision#valueAt covers} a value, which is then in force, and is absent if not
     * @throws FlagStoreException if the server is out of reach or refuses
     */
    List<FlagRevision> list();

    /**
     * The changes of one flag, clearings included.
     *
     * @param key the flag key
     * @param limit at most how many, 1 or more
     * @return the newest first
     * @throws IllegalArgumentException if the limit is less than 1
     * @throws FlagStoreException if the server is out of reach or refuses
     */
    List<FlagRevision> history(String key, int limit);

    /**
     * Has readers believe a server that has lost its history. Until then those who saw more than it knows keep what they
     * saw. Readers whose history the server never lost notice nothing.
     *
     * @param lostEpoch the epoch of the lost history, as the readers' {@link LostHistoryException} names it
     * @param by who decides that, and why
     * @throws IllegalArgumentException if the epoch is blank or longer than 100 characters
     * @throws FlagStoreException if the server is out of reach or refuses
     */
    void accept(String lostEpoch, Attribution by);

    /**
     * Sets a flag for good.
     *
     * @param key the flag key
     * @param value one of the words that {@link FlagText#parse} knows
     * @param by who makes the change, and why
     * @return what was made of it
     * @throws IllegalArgumentException as {@link FlagWrite}
     * @throws FlagStoreException if the server is out of reach or refuses
     */
    default FlagRevision set(String key, String value, Attribution by) {
        return write(List.of(FlagWrite.set(key, value, by))).get(0);
    }

    /**
     * Sets a flag for a time. On each node it ends by itself, also while the server is out of reach.
     *
     * @param key the flag key
     * @param value one of the words that {@link FlagText#parse} knows
     * @param lasting how long
     * @param by who makes the change, and why
     * @return what was made of it
     * @throws IllegalArgumentException as {@link FlagWrite}
     * @throws FlagStoreException if the server is out of reach or refuses
     */
    default FlagRevision set(String key, String value, Duration lasting, Attribution by) {
        return write(List.of(FlagWrite.set(key, value, by).lasting(lasting))).get(0);
    }

    /**
     * Takes a flag away. One that is absent is cleared like any other.
     *
     * @param key the flag key
     * @param by who makes the change, and why
     * @return what was made of it
     * @throws IllegalArgumentException as {@link FlagWrite}
     * @throws FlagStoreException if the server is out of reach or refuses
     */
    default FlagRevision clear(String key, Attribution by) {
        return write(List.of(FlagWrite.clear(key, by))).get(0);
    }

    /**
     * Sets a flag if it is still what the caller has seen.
     *
     * @param key the flag key
     * @param version the version seen, 0 if the flag was absent
     * @param value one of the words that {@link FlagText#parse} knows
     * @param by who makes the change, and why
     * @return what was made of it; empty if the flag has another version by now
     * @throws IllegalArgumentException as {@link FlagWrite}
     * @throws FlagStoreException if the server is out of reach or refuses
     */
    default Optional<FlagRevision> compareAndSet(String key, long version, String value, Attribution by) {
        return write(List.of(FlagWrite.set(key, value, by).ifVersion(version))).stream()
                .findFirst();
    }
}
