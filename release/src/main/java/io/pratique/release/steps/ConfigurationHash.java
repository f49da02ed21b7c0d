package io.pratique.release.steps;

import io.pratique.release.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/** Tells whether two configurations are the same without telling what is in them. */
final class ConfigurationHash {

    private ConfigurationHash() {}

    /** Over sorted names and values, each behind its length, so that no two configurations look alike. */
    static String of(Map<String, String> values) {
        MessageDigest digest = Sha256.begun();
        new TreeMap<>(values).forEach((name, value) -> {
            if (value == null) {
                throw new IllegalArgumentException("value of a configuration must be given; leave its name out");
            }
            add(digest, name);
            add(digest, value);
        });
        return Sha256.of(digest);
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }
}
