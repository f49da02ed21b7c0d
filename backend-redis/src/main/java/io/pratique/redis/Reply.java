package io.pratique.redis;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An array that a script has answered with. Whatever does not look as it should is an {@link IllegalStateException}. */
final class Reply {

    private final List<?> parts;

    Reply(List<?> parts) {
        this.parts = parts;
    }

    int size() {
        return parts.size();
    }

    private @Nullable Object part(int index) {
        if (index >= parts.size()) {
            throw new IllegalStateException("the answer has " + parts.size() + " parts and no number " + index);
        }
        return parts.get(index);
    }

    private <T> T part(int index, Class<T> type) {
        Object part = part(index);
        if (!type.isInstance(part)) {
            throw new IllegalStateException("part " + index + " of the answer is no " + type.getSimpleName());
        }
        return type.cast(part);
    }

    String text(int index) {
        return part(index, String.class);
    }

    @Nullable String optionalText(int index) {
        return part(index) == null ? null : text(index);
    }

    long number(int index) {
        return part(index, Long.class);
    }

    Instant time(int index) {
        return time(number(index));
    }

    @Nullable Instant optionalTime(int index) {
        return part(index) == null ? null : time(index);
    }

    Reply array(int index) {
        return new Reply(part(index, List.class));
    }

    List<Reply> arrays() {
        List<Reply> arrays = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            arrays.add(array(i));
        }
        return arrays;
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            texts.add(text(i));
        }
        return texts;
    }

    /** Names and texts by turns. */
    Map<String, String> map() {
        Map<String, String> map = new LinkedHashMap<>(parts.size());
        for (int i = 0; i < parts.size(); i += 2) {
            map.put(text(i), text(i + 1));
        }
        return map;
    }

    /** Redis counts in microseconds. */
    static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
