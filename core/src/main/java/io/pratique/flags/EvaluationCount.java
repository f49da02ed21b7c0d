package io.pratique.flags;

/**
 * How often a flag was asked for, in a client that {@linkplain FlagClient.Builder#countEvaluations counts}.
 *
 * @param key the flag key; {@value #OTHERS} for all beyond the first 1,000
 * @param on how often the answer was on
 * @param off how often it was off
 */
public record EvaluationCount(String key, long on, long off) {

    /** Stands for the keys that are counted together, lest a caller's typing errors fill the memory. */
    public static final String OTHERS = "(others)";
}
