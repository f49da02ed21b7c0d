package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import io.pratique.release.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks whether what is to be released was built: a file that is there, holds something and, if told, just that. */
public final class ArtifactCheck implements StepAction {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private final Path file;
    private final @Nullable String sha256;

    private ArtifactCheck(Path file, @Nullable String sha256) {
        this.file = file;
        this.sha256 = sha256;
    }

    /**
     * A check of one file.
     *
     * @param file where it must be
     * @return the check
     * @throws IllegalArgumentException if it is null
     */
    public static ArtifactCheck of(Path file) {
        if (file == null) {
            throw new IllegalArgumentException("file of an artifact must be given, but is null");
        }
        return new ArtifactCheck(file, null);
    }

    /**
     * The same check that also compares what the file holds.
     *
     * @param sha256 the SHA-256 of the file, in hexadecimal digits
     * @return a new check
     * @throws IllegalArgumentException if it is none
     */
    public ArtifactCheck sha256(String sha256) {
        String digits = String.valueOf(sha256).toLowerCase(Locale.ROOT);
        if (!SHA_256.matcher(digits).matches()) {
            throw new IllegalArgumentException("SHA-256 of artifact \"" + file
                    + "\" must be 64 hexadecimal digits, but is \"" + FlagText.printable(digits, 100) + "\"");
        }
        return new ArtifactCheck(file, digits);
    }

    @Override
    public void run(StepContext context) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException("artifact \"" + file + "\" is missing; build it first");
        }
        long size = Files.size(file);
        if (size == 0) {
            throw new IllegalStateException("artifact \"" + file + "\" is empty; build it again");
        }
        if (sha256 != null && !sha256.equals(Sha256.of(file))) {
            throw new IllegalStateException(
                    "artifact \"" + file + "\" has another SHA-256 than \"" + sha256 + "\"; is it of this version?");
        }
        context.tell(file.getFileName() + ", " + size + " bytes");
    }
}
