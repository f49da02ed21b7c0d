package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A file with a secret in it. Links are followed: an orchestrator replaces mounted secrets by turning one. */
final class SecretFile implements SecretPlace {

    private final Path path;
    private final @Nullable Duration maxAge;
    private final @Nullable InstantSource clock;

    private SecretFile(Path path, @Nullable Duration maxAge, @Nullable InstantSource clock) {
        this.path = path;
        this.maxAge = maxAge;
        this.clock = clock;
    }

    static SecretFile of(Path path) {
        return new SecretFile(Arguments.required("The file of a SecretsProbe", path), null, null);
    }

    SecretFile notOlderThan(Duration age, InstantSource clock) {
        if (age == null || age.isZero() || age.isNegative()) {
            throw Arguments.refused(
                    "The age of a file of a SecretsProbe", "must be positive", age, "leave it out for any age");
        }
        return new SecretFile(path, age, Arguments.required("The clock of a SecretsProbe", clock));
    }

    @Override
    public ProbeResult look(Duration timeout) throws IOException {
        BasicFileAttributes file;
        try {
            file = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException missing) {
            return ProbeResult.down("no file " + path);
        }
        if (!file.isRegularFile()) {
            return ProbeResult.down("no regular file: " + path);
        }
        if (file.size() == 0) {
            return ProbeResult.down("empty: " + path);
        }
        if (!Files.isReadable(path)) {
            return ProbeResult.down("not readable: " + path);
        }
        return isTooOld(file.lastModifiedTime().toInstant())
                ? ProbeResult.down("not written for longer than " + maxAge + ": " + path)
                : ProbeResult.up();
    }

    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return FileFault.classify(failure);
    }

    private boolean isTooOld(Instant written) {
        return maxAge != null
                && clock != null
                && Duration.between(written, clock.instant()).compareTo(maxAge) > 0;
    }

    @Override
    public String toString() {
        return "file " + path;
    }
}
