package io.pratique.flags;

import java.util.List;

/**
 * The keys that were asked for and that neither a declaration nor a source knows.
 *
 * @param keys the first ones that were seen, 1,000 at most, sorted
 * @param further how many checks asked for a key that was seen after those
 */
public record UnknownKeys(List<String> keys, long further) {}
