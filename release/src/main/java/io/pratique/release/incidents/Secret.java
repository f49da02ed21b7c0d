package io.pratique.release.incidents;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A secret as it is for one delivery. It is never shown, and hidden in what others show. */
final class Secret {

    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern PARTS = Pattern.compile("[/?&=]");
    private static final int SHORTEST_PART = 6;

    private final String value;
    private final List<String> parts;

    private Secret(String value, Stream<@Nullable String> parts) {
        this.value = value;
        this.parts = parts.filter(Objects::nonNull)
                .filter(part -> part.length() >= SHORTEST_PART)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** Refuses a supplier that is null. */
    static Supplier<String> supplier(String what, @Nullable Supplier<String> supplier) {
        if (supplier == null) {
            throw new IllegalArgumentException("the " + what + " must be supplied, but the supplier is null");
        }
        return supplier;
    }

    /** Asks for a secret that is sent. It is kept by nobody. */
    static Secret from(String what, Supplier<String> supplier) throws IOException {
        Secret secret = unsent(what, supplier);
        if (!PRINTABLE.matcher(secret.value).matches()) {
            throw new IOException("the " + what + " holds characters that cannot be sent; is it another one?");
        }
        return secret;
    }

    /** The same for one that may hold any characters. */
    static Secret unsent(String what, Supplier<String> supplier) throws IOException {
        String value = ask(what, supplier);
        return new Secret(value, Stream.of(value));
    }

    /** The same for a URL, each part of which may be what is secret of it. */
    static Secret url(String what, Supplier<String> supplier) throws IOException {
        String value = ask(what, supplier);
        List<String> parts = new ArrayList<>();
        try {
            URI url = HttpCall.requireUrl("it", new URI(value));
            for (String text : new String[] {url.getRawPath(), url.getPath(), url.getRawQuery(), url.getQuery()}) {
                if (text != null) {
                    parts.add(text);
                    parts.addAll(List.of(PARTS.split(text)));
                }
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Without its cause, which shows it.
            throw new IOException("the " + what
                    + " must begin with http:// or https:// and a host, without user and password, but does not");
        }
        parts.add(value);
        return new Secret(value, parts.stream());
    }

    private static String ask(String what, Supplier<String> supplier) throws IOException {
        String value;
        try {
            value = supplier.get();
        } catch (RuntimeException e) {
            // Nor with this one: whoever fails to read a secret may say what he has read.
            throw new IOException(
                    "the " + what + " cannot be read: " + e.getClass().getName());
        }
        if (value == null || value.isBlank()) {
            throw new IOException("the " + what + " is not there; is its variable or file set?");
        }
        return value.strip();
    }

    String value() {
        return value;
    }

    String hiddenIn(String text) {
        String hidden = text;
        for (String part : parts) {
            hidden = hidden.replace(part, "***");
        }
        return hidden;
    }
}
