package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real files, changed the ways that editors, deployments and Kubernetes change them, and watched in real time. */
@Tag("B-1")
@Execution(ExecutionMode.CONCURRENT)
class FileWatchIT {

    private static final Map<String, String> ON = Map.of("a", "on");
    private static final Map<String, String> OFF = Map.of("a", "off");

    @TempDir
    private Path temp;

    private static void awaitLatest(Following following, Map<String, String> texts) {
        await().untilAsserted(() -> assertThat(following.latest()).isEqualTo(texts));
    }

    private static void awaitFailure(Following following, String fragment) {
        await().untilAsserted(() -> assertThat(following.failure()).contains(fragment));
    }

    /** How a file that holds {@code A_ENABLED=on} comes to hold {@code A_ENABLED=off}. */
    enum Edit {
        TRUNCATED_AND_WRITTEN {
            @Override
            void apply(Path file) throws IOException {
                Files.writeString(file, "A_ENABLED=off\n");
            }
        },
        WRITTEN_ASIDE_AND_RENAMED {
            @Override
            void apply(Path file) throws IOException {
                Path aside = Files.writeString(file.resolveSibling(".flags.swp"), "A_ENABLED=off\n");
                Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        RENAMED_TO_A_BACKUP_AND_WRITTEN {
            @Override
            void apply(Path file) throws IOException {
                Files.move(file, file.resolveSibling("flags.env~"));
                Files.writeString(file, "A_ENABLED=off\n");
            }
        },
        DELETED_AND_CREATED {
            @Override
            void apply(Path file) throws IOException {
                Files.delete(file);
                Files.writeString(file, "A_ENABLED=off\n");
            }
        },
        APPENDED_TO {
            @Override
            void apply(Path file) throws IOException {
                Files.writeString(file, "A_ENABLED=off\n", StandardOpenOption.APPEND);
            }
        },
        WRITTEN_IN_PLACE_WITH_SIZE_AND_TIME_KEPT {
            @Override
            void apply(Path file) throws IOException {
                FileTime before = Files.getLastModifiedTime(file);
                Files.writeString(file, "A_ENABLED=off", StandardOpenOption.WRITE);
                Files.setLastModifiedTime(file, before);
            }
        },
        RESTORED_FROM_AN_OLDER_COPY {
            @Override
            void apply(Path file) throws IOException {
                Path copy = Files.writeString(file.resolveSibling("copy"), "A_ENABLED=off\n");
                Files.setLastModifiedTime(copy, FileTime.fromMillis(0));
                Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            }
        },
        LINKED_TO_ANOTHER_FILE {
            @Override
            void apply(Path file) throws IOException {
                Path other = Files.writeString(file.resolveSibling("other"), "A_ENABLED=off\n");
                Path link = Files.createSymbolicLink(file.resolveSibling("link"), other.getFileName());
                Files.move(link, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        ITS_DIRECTORY_REPLACED {
            @Override
            void apply(Path file) throws IOException {
                Path dir = file.getParent();
                Path next = Files.createDirectory(dir.resolveSibling("next"));
                Files.writeString(next.resolve(file.getFileName()), "A_ENABLED=off\n");
                Files.move(dir, dir.resolveSibling("before"));
                Files.move(next, dir);
            }
        };

        abstract void apply(Path file) throws IOException;
    }

    @Nested
    class OneFile {

        private Path file() throws IOException {
            return Files.createDirectories(temp.resolve("dir")).resolve("flags.env");
        }

        @ParameterizedTest
        @EnumSource
        void isSeenHoweverItIsEdited(Edit edit) throws Exception {
            Path file = Files.writeString(file(), "A_ENABLED=on\n");
            try (Following following = Following.of(EnvFlagSource.file(file))) {
                assertThat(following.latest()).isEqualTo(ON);

                edit.apply(file);

                awaitLatest(following, OFF);
            }
        }

        @Test
        void isSeenThroughALinkIntoAMount() throws Exception {
            Path dir = Files.createDirectory(temp.resolve("mount"));
            ConfigMapMount mount = new ConfigMapMount(dir);
            mount.publish(Map.of("flags.env", "A_ENABLED=on"));
            try (Following following = Following.of(EnvFlagSource.file(dir.resolve("flags.env")))) {
                assertThat(following.latest()).isEqualTo(ON);

                mount.publish(Map.of("flags.env", "A_ENABLED=off"));

                awaitLatest(following, OFF);
            }
        }

        @Test
        void isSeenOnceItAppearsInADirectoryThatWasMissingToo() throws Exception {
            Path file = temp.resolve("not/yet/flags.env");
            try (Following following = Following.of(EnvFlagSource.file(file))) {
                assertThat(following.failure()).contains("is missing");
                Files.createDirectories(file.getParent());
                Files.writeString(file, "A_ENABLED=off\n");

                awaitLatest(following, OFF);
            }
        }

        @Test
        void isAnOutageOnceItVanishesAndIsSeenWhenItComesBack() throws Exception {
            Path file = Files.writeString(file(), "A_ENABLED=off\n");
            try (Following following = Following.of(EnvFlagSource.file(file))) {
                Files.move(file, temp.resolve("away"));
                awaitFailure(following, "is missing");
                assertThat(following.latest()).isEqualTo(OFF);

                Files.move(temp.resolve("away"), file);
                await().untilAsserted(() -> assertThat(following.failure()).isEmpty());
                assertThat(following.latest()).isEqualTo(OFF);
            }
        }

        @Test
        void isNewsOnceItIsEmpty() throws Exception {
            Path file = Files.writeString(file(), "A_ENABLED=off\n");
            try (Following following = Following.of(EnvFlagSource.file(file))) {
                Files.writeString(file, "");

                awaitLatest(following, Map.of());
            }
        }

        @Test
        void isSeenEachTimeItChanges() throws Exception {
            Path file = Files.writeString(file(), "A_ENABLED=0\n");
            try (Following following = Following.of(EnvFlagSource.file(file))) {
                for (int i = 1; i <= 5; i++) {
                    String text = String.valueOf(i % 2);
                    Files.writeString(file, "A_ENABLED=" + text + "\n");
                    awaitLatest(following, Map.of("a", text));
                }
            }
        }
    }

    @Nested
    class OneDirectory {

        private Path dir() throws IOException {
            return Files.createDirectories(temp.resolve("flags"));
        }

        @Test
        void isSeenToGainChangeAndLoseFiles() throws Exception {
            Path dir = dir();
            try (Following following = Following.of(EnvFlagSource.directory(dir))) {
                Files.writeString(dir.resolve("A_ENABLED"), "on\n");
                awaitLatest(following, ON);
                Files.writeString(dir.resolve("A_ENABLED"), "off\n");
                awaitLatest(following, OFF);
                Files.delete(dir.resolve("A_ENABLED"));
                awaitLatest(following, Map.of());
            }
        }

        @ParameterizedTest
        @EnumSource
        void isSeenHoweverAFileInItIsEdited(Edit edit) throws Exception {
            // The same edits, of a file that a directory links to under a flag's name.
            Path file = Files.createDirectories(temp.resolve("dir")).resolve("flags.env");
            Files.writeString(file, "A_ENABLED=on\n");
            Path dir = dir();
            Files.createSymbolicLink(dir.resolve("A_ENABLED"), file);
            try (Following following = Following.of(EnvFlagSource.directory(dir))) {
                String before = following.latest().get("a");

                edit.apply(file);

                await().untilAsserted(() -> assertThat(following.latest().get("a"))
                        .isNotEqualTo(before)
                        .contains("A_ENABLED=off"));
            }
        }

        @Test
        void isSeenToBeMissingAndToComeBack() throws Exception {
            Path dir = temp.resolve("flags");
            try (Following following = Following.of(EnvFlagSource.directory(dir))) {
                assertThat(following.failure()).contains("is missing");
                Path next = Files.createDirectory(temp.resolve("next"));
                Files.writeString(next.resolve("A_ENABLED"), "off\n");
                Files.move(next, dir);
                awaitLatest(following, OFF);

                Files.move(dir, temp.resolve("away"));
                awaitFailure(following, "is missing");
                assertThat(following.latest()).isEqualTo(OFF);

                Files.move(temp.resolve("away"), dir);
                await().untilAsserted(() -> assertThat(following.failure()).isEmpty());
            }
        }

        @Test
        void isSeenToSwapItsGeneration() throws Exception {
            ConfigMapMount mount = new ConfigMapMount(dir());
            mount.publish(Map.of("A_ENABLED", "on"));
            try (Following following = Following.of(EnvFlagSource.directory(dir()))) {
                mount.publish(Map.of("A_ENABLED", "off"));
                awaitLatest(following, OFF);
                mount.publish(Map.of("B_ENABLED", "on"));
                awaitLatest(following, Map.of("b", "on"));
                mount.publish(Map.of());
                awaitLatest(following, Map.of());

                Files.delete(dir().resolve("..data"));
                awaitFailure(following, "..data");
                mount.publish(Map.of("A_ENABLED", "off"));
                awaitLatest(following, OFF);
            }
        }
    }
}
