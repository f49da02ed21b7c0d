package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount that is swapped as fast as the disk allows, under loads that never wait. */
@Tag("B-1")
class MountSwapIT {

    private static final int GENERATIONS = 3_000;
    private static final int FLAGS = 6;

    @TempDir
    private Path dir;

    @Test
    void noLoadEverMixesTwoGenerations() throws Exception {
        ConfigMapMount mount = new ConfigMapMount(dir);
        mount.publish(generation(0));
        Set<String> seen = new HashSet<>();
        ExecutorService kubelet = Executors.newSingleThreadExecutor();
        try (EnvFlagSource source =
                new EnvFlagSource("mount", new DirectoryOrigin(dir), Naming.DEFAULT, new ScriptedPause())) {
            Future<?> swapping = kubelet.submit(() -> {
                for (int i = 1; i <= GENERATIONS; i++) {
                    mount.publish(generation(i));
                }
                return null;
            });
            while (!swapping.isDone()) {
                loadOrHearThatItIsBeingWritten(source).ifPresent(texts -> {
                    assertThat(texts).hasSize(FLAGS);
                    assertThat(new HashSet<>(texts.values()))
                            .as("generations in one set")
                            .hasSize(1);
                    seen.addAll(texts.values());
                });
            }
            swapping.get();
            assertThat(seen).hasSizeGreaterThan(10);
            assertThat(Texts.of(source)).containsEntry("flag-0", "generation " + GENERATIONS);
        } finally {
            kubelet.shutdownNow();
        }
    }

    private static Map<String, String> generation(int number) {
        Map<String, String> generation = new HashMap<>();
        for (int i = 0; i < FLAGS; i++) {
            generation.put("FLAG_" + i + "_ENABLED", "generation " + number);
        }
        return generation;
    }

    /** A swap may come between any two steps of a load, so most of them find the mount being written. */
    private static Optional<Map<String, String>> loadOrHearThatItIsBeingWritten(EnvFlagSource source) throws Exception {
        try {
            return Optional.of(Texts.of(source));
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("is being written to all the time");
            return Optional.empty();
        }
    }
}
