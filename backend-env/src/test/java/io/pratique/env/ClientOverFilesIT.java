package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.ErrorCode;
import io.pratique.flags.FlagClient;
import io.pratique.flags.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application sees of its flag files. The TTL is so long that only the watch can bring news. */
@Tag("B-1")
class ClientOverFilesIT {

    private static final String KEY = "outbox-processing";

    @TempDir
    private Path dir;

    private static FlagClient over(EnvFlagSource... sources) {
        FlagClient.Builder builder = FlagClient.builder().ttl(Duration.ofHours(1));
        for (EnvFlagSource source : sources) {
            builder.source(source);
        }
        return builder.build();
    }

    @Test
    void killInAFileIsSeenWithoutAPoll() throws Exception {
        Path file = Files.writeString(dir.resolve("flags.env"), "OUTBOX_PROCESSING_ENABLED=on\n");
        try (FlagClient client = over(EnvFlagSource.file(file))) {
            assertThat(client.isEnabled(KEY)).isTrue();

            Files.writeString(file, "OUTBOX_PROCESSING_ENABLED=off\n");

            await().until(() -> !client.isEnabled(KEY));
        }
    }

    @Test
    void fileThatIsMissingAtTheStartIsSeenOnceItAppears() throws Exception {
        Path file = dir.resolve("not/yet/flags.env");
        try (FlagClient client = over(EnvFlagSource.file(file))) {
            assertThat(client.isEnabled(KEY)).isTrue();

            Files.createDirectories(file.getParent());
            Files.writeString(file, "OUTBOX_PROCESSING_ENABLED=off\n");

            await().until(() -> !client.isEnabled(KEY));
        }
    }

    @Test
    void killOutlivesASlipOfThePenAndTheLossOfItsFile() throws Exception {
        Path file = Files.writeString(dir.resolve("flags.env"), "OUTBOX_PROCESSING=off\n");
        try (FlagClient client = over(EnvFlagSource.file(file))) {
            assertThat(client.isEnabled(KEY)).isFalse();

            Files.writeString(file, "OUTBOX_PROCESSING=offf\n");
            await().until(() -> client.evaluate(KEY).errorCode() == ErrorCode.PARSE_ERROR);
            assertThat(client.isEnabled(KEY)).isFalse();

            Files.delete(file);
            await().until(() -> client.sources().get(0).error() != null);
            assertThat(client.isEnabled(KEY)).isFalse();
            assertThat(client.evaluate(KEY).reason()).isEqualTo(Reason.STALE);

            Files.writeString(file, "");
            await().until(() -> client.isEnabled(KEY));
            assertThat(client.evaluate(KEY).reason()).isEqualTo(Reason.DEFAULT);
        }
    }

    @Test
    void killOutlivesTheLossOfItsMount() throws Exception {
        Path mounted = Files.createDirectory(dir.resolve("mount"));
        new ConfigMapMount(mounted).publish(Map.of(KEY, "off\n"));
        try (FlagClient client = over(EnvFlagSource.directory(mounted))) {
            assertThat(client.isEnabled(KEY)).isFalse();

            Files.delete(mounted.resolve("..data"));

            await().until(() -> client.sources().get(0).error() != null);
            assertThat(client.isEnabled(KEY)).isFalse();
        }
    }

    @Test
    void twoFilesAreTwoSourcesInOrder() throws Exception {
        Path upper = Files.writeString(dir.resolve("upper.properties"), "cleanup=on\n");
        Path lower = Files.writeString(dir.resolve("lower.env"), "CLEANUP=off\nOUTBOX_PROCESSING=off\n");
        try (FlagClient client = over(EnvFlagSource.file(upper), EnvFlagSource.file(lower))) {
            assertThat(client.evaluate("cleanup").source()).isEqualTo("file:" + upper);
            assertThat(client.evaluate(KEY).source()).isEqualTo("file:" + lower);
            assertThat(client.isEnabled("cleanup")).isTrue();
            assertThat(client.isEnabled(KEY)).isFalse();
        }
    }
}
