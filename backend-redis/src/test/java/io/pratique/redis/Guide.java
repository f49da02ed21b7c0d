package io.pratique.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The commands in docs/guide/redis.md. */
final class Guide {

    private static final Path PAGE = Path.of("..", "docs", "guide", "redis.md");

    private Guide() {}

    static List<String> lines() throws IOException {
        return Files.readAllLines(PAGE);
    }

    /** Makes the reader and the writer of the page, who may do no more than it says. */
    static void grant(RedisProcess redis) throws IOException {
        for (String line : lines()) {
            if (line.startsWith("ACL SETUSER")) {
                redis.tell(line.split(" ", -1));
            }
        }
    }

    /** The command within a sentence that begins so. */
    static String[] command(String begin) throws IOException {
        return Pattern.compile("`(" + begin + " [^`]+)`")
                .matcher(Files.readString(PAGE))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1)
                .split(" ");
    }
}
