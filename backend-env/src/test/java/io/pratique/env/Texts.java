package io.pratique.env;

import io.pratique.flags.spi.FlagSet;
import java.util.Map;
import java.util.TreeMap;

/** The texts of a set, as a plain map. */
final class Texts {

    private Texts() {}

    static Map<String, String> of(FlagSet set) {
        Map<String, String> texts = new TreeMap<>();
        set.entries().forEach((key, entry) -> texts.put(key, entry.value()));
        return texts;
    }

    static Map<String, String> of(EnvFlagSource source) throws Exception {
        return of(source.load());
    }
}
