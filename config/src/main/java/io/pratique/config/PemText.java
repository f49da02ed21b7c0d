package io.pratique.config;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block in PEM format (RFC 7468). Its bytes are held no longer than it takes to look at them.
 *
 * @param label such as {@code PUBLIC KEY}
 * @param body what stands between its first line and its last
 */
record PemText(String label, String body) {

    private static final Pattern BLOCK =
            Pattern.compile("\\s*-----BEGIN ([A-Z0-9 ]+)-----([\\s\\S]+?)-----END ([A-Z0-9 ]+)-----\\s*");

    /** The header of encrypted keys of the old kind, whose bytes mean nothing to whoever has no password. */
    private static final Pattern ENCRYPTED = Pattern.compile("\\s*Proc-Type:[^\\n]*ENCRYPTED[\\s\\S]*");

    private static final String BEGIN = "-----BEGIN ";
    private static final int DER_SEQUENCE = 0x30;

    /** The block that a text consists of; line ends may be written as a backslash and an n. */
    static Optional<PemText> of(String text) {
        Matcher block = BLOCK.matcher(withLineEnds(text));
        if (!block.matches() || !block.group(1).equals(block.group(3))) {
            return Optional.empty();
        }
        PemText found = new PemText(block.group(1), block.group(2));
        return found.isEncrypted() || found.holdsDer() ? Optional.of(found) : Optional.empty();
    }

    /** The first block of a file whose label ends so; what stands before it, such as parameters of a curve, is passed over. */
    static Optional<PemText> firstOf(String file, String label) {
        int end = 0;
        for (int begin = file.indexOf(BEGIN); begin >= 0; begin = file.indexOf(BEGIN, end)) {
            int last = file.indexOf("-----END ", begin);
            int lineEnd = last < 0 ? -1 : file.indexOf('\n', last);
            end = lineEnd < 0 ? file.length() : lineEnd;
            Optional<PemText> block = of(file.substring(begin, end));
            if (block.filter(found -> found.label().endsWith(label)).isPresent()) {
                return block;
            }
        }
        return Optional.empty();
    }

    /** The text with real line ends, which keys need and one line of an environment has not. */
    static String withLineEnds(String text) {
        return text.replace("\\n", "\n");
    }

    /** What the body encodes; to be asked of certificates and of keys in PKCS #8, which are not encrypted in the old way. */
    byte[] der() {
        return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
    }

    private boolean isEncrypted() {
        return label.endsWith(" PRIVATE KEY") && ENCRYPTED.matcher(body).matches();
    }

    private boolean holdsDer() {
        try {
            byte[] bytes = der();
            return bytes.length > 2 && bytes[0] == DER_SEQUENCE;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Without the body, which may be a secret. */
    @Override
    public String toString() {
        return label;
    }
}
