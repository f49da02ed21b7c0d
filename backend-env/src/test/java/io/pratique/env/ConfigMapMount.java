package io.pratique.env;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** A directory that is filled as Kubernetes fills the mount of a ConfigMap: in generations, swapped by a link. */
final class ConfigMapMount {

    private final Path dir;
    private int generation;

    ConfigMapMount(Path dir) {
        this.dir = dir;
    }

    void publish(Map<String, String> texts) throws IOException {
        Path before = generation == 0 ? null : generationDir();
        generation++;
        Path next = Files.createDirectory(generationDir());
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Files.writeString(next.resolve(text.getKey()), text.getValue());
        }
        Path link = Files.createSymbolicLink(dir.resolve("..data_tmp"), next.getFileName());
        Files.move(link, dir.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        for (String name : texts.keySet()) {
            if (!Files.exists(dir.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(dir.resolve(name), Path.of("..data", name));
            }
        }
        removeLinksExceptFor(texts);
        if (before != null) {
            delete(before);
        }
    }

    private void removeLinksExceptFor(Map<String, String> texts) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir, "[!.]*")) {
            for (Path entry : entries) {
                if (!texts.containsKey(entry.getFileName().toString())) {
                    Files.delete(entry);
                }
            }
        }
    }

    Path generationDir() {
        return dir.resolve(String.format("..2026_11_21_%06d", generation));
    }

    private static void delete(Path generation) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(generation)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(generation);
    }
}
