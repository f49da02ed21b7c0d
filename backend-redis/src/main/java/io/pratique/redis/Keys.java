package io.pratique.redis;

import java.util.Locale;

/** The Redis keys of one namespace. The braces keep them in one slot of a cluster. */
enum Keys {
    /** A hash: the epoch, the sequence and the id of the last change, how many flags and how many keys of changes. */
    STATE,
    /** A hash: the text of each flag. */
    FLAGS,
    /** A hash: the version of each flag, when it was changed, and what is known of its end. */
    META,
    /** A hash: who changed each flag last, and why. */
    BY,
    /** A sorted set: the last version of each flag, of cleared ones too. */
    CHANGES,
    /** A stream: all changes ever made. */
    HISTORY,
    /** A hash: the epochs whose loss was accepted. */
    ACCEPTED;

    static String[] in(String namespace, Keys... keys) {
        String[] names = new String[keys.length];
        for (int i = 0; i < keys.length; i++) {
            names[i] = "{" + namespace + "}:" + keys[i].name().toLowerCase(Locale.ROOT);
        }
        return names;
    }

    /** Where each change is announced. */
    static String channel(String namespace) {
        return "{" + namespace + "}:changed";
    }
}
