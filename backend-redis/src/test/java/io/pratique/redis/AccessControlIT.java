package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStoreException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users who may do no more than the guide grants them. */
@Tag("B-3")
class AccessControlIT {

    private RedisProcess redis;
    private RedisFlagSource reader;
    private RedisFlagStore writer;

    @BeforeEach
    void grant() throws IOException {
        redis = RedisProcess.start();
        Guide.grant(redis);
        reader = RedisFlagSource.connect("redis://pratique-reader:reader-secret@127.0.0.1:" + redis.port());
        writer = RedisFlagStore.connect("redis://pratique-writer:writer-secret@127.0.0.1:" + redis.port());
    }

    @AfterEach
    void stop() throws IOException {
        reader.close();
        writer.close();
        redis.close();
    }

    @Test
    void readerLoadsPollsAndIsTold() throws Exception {
        FlagSet before = reader.load();
        AtomicInteger told = new AtomicInteger();
        reader.watch(told::incrementAndGet);
        writer.set("cleanup", "off", ADA);
        await().until(() -> told.get() > 0);

        FlagSet after = reader.reload(before);
        assertThat(after.entries().get("cleanup").value()).isEqualTo("off");
        writer.clear("cleanup", ADA);

        assertThat(reader.reload(after).entries()).isEmpty();
    }

    @Test
    void writerMayDoAllThatAStoreDoes() throws Exception {
        long version = writer.set("cleanup", "off", ADA).version();

        assertThat(writer.compareAndSet("cleanup", version, "on", ADA)).isPresent();
        assertThat(writer.list()).hasSize(1);
        assertThat(writer.history("cleanup", 5)).hasSize(2);
        writer.accept("another-epoch", ADA);
        assertThat(writer.load().entries()).hasSize(1);
    }

    @Test
    void readerMayNotWrite() {
        try (RedisFlagStore store =
                RedisFlagStore.connect("redis://pratique-reader:reader-secret@127.0.0.1:" + redis.port())) {
            assertThatThrownBy(() -> store.set("cleanup", "off", ADA))
                    .isInstanceOf(FlagStoreException.class)
                    .hasMessageContainingAll(
                            "user \"pratique-reader\"", "refuses the user a right", "docs/guide/redis.md")
                    .hasMessageNotContaining("reader-secret");
        }
    }

    /** A script is not rolled back, so it has to find out before it begins. */
    @Test
    void writerWithoutOneOfTheRightsChangesNothing() throws Exception {
        writer.set("cleanup", "on", ADA);
        String before = everything();
        for (String right : new String[] {"hset", "hdel", "zadd", "xadd", "publish", "zcard", "zscore", "xrevrange"}) {
            redis.tell("ACL", "SETUSER", "pratique-writer", "-" + right);

            assertThatThrownBy(() -> writer.set("cleanup", "off", ADA))
                    .as("without %s", right)
                    .isInstanceOf(FlagStoreException.class);
            assertThat(everything()).as("without %s", right).isEqualTo(before);

            redis.tell("ACL", "SETUSER", "pratique-writer", "+" + right);
        }
        assertThat(writer.set("cleanup", "off", ADA).version()).isEqualTo(2);
    }

    private String everything() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String key : Keys.in("pratique", Keys.values())) {
            all.append(redis.ask("DUMP", key)).append('\n');
        }
        return all.toString();
    }

    /** What {@code redis-cli} makes of the line in the guide. */
    @Test
    void guideKillsAFlagWithoutAnyProgramOfOurs() throws Exception {
        FlagSet before = reader.load();
        AtomicInteger told = new AtomicInteger();
        reader.watch(told::incrementAndGet);

        assertThat(redis.askAs("pratique-writer", "writer-secret", evalOfTheGuide()))
                .isEqualTo("*1");

        await().until(() -> told.get() > 0);
        assertThat(reader.reload(before).entries().get("outbox-processing").value())
                .isEqualTo("off");
        assertThat(writer.list()).singleElement().satisfies(flag -> {
            assertThat(flag.by().actor()).isEqualTo("ada");
            assertThat(flag.by().reason()).isEqualTo("INC-4711: duplicates");
        });
    }

    /** Whoever is in a hurry is told of a slip, for nobody would obey. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"set|offf", "set|", "set|o ff", "set|of\u00e9", "set|-1", "set|maybe", "Set|off", "sett|off"})
    @Tag("F-3")
    void emergencyTakesNoSlipOfAPen(String verb, String value) throws Exception {
        assertThat(emergency(verb, value == null ? "" : value))
                .startsWith("-ERR")
                .contains("on or off");
        assertThat(redis.ask("DBSIZE")).isEqualTo(":0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "OFF", " no\t", "0", "Disabled", "True", "on", "YES", "1", "enabled", "\u3000off"})
    @Tag("F-3")
    void emergencyTakesEachWordThatMeansOnOrOff(String value) throws Exception {
        assertThat(emergency("set", value)).isEqualTo("*1");
        assertThat(reader.load().entries().get("outbox-processing").value()).isEqualTo(value);
    }

    private String emergency(String verb, String value) throws IOException {
        String[] words = evalOfTheGuide();
        int at = Arrays.asList(words).indexOf("outbox-processing");
        words[at + 1] = verb;
        words[at + 2] = value;
        return redis.askAs("pratique-writer", "writer-secret", words);
    }

    private static String[] evalOfTheGuide() throws IOException {
        String line = Guide.lines().stream()
                .filter(text -> text.startsWith("redis-cli") && text.contains("--eval write.lua"))
                .findFirst()
                .orElseThrow();
        String[] sides =
                line.substring(line.indexOf("write.lua") + "write.lua".length()).split(" , ", 2);
        String[] keys = words(sides[0]);
        assertThat(keys).isEqualTo(Script.WRITE.keys("pratique"));
        String[] arguments = words(sides[1]);
        String[] eval = new String[3 + keys.length + arguments.length];
        eval[0] = "EVAL";
        eval[1] = Script.WRITE.text();
        eval[2] = Integer.toString(keys.length);
        System.arraycopy(keys, 0, eval, 3, keys.length);
        System.arraycopy(arguments, 0, eval, 3 + keys.length, arguments.length);
        return eval;
    }

    /** As a shell splits them. */
    private static String[] words(String text) {
        return Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)")
                .matcher(text)
                .results()
                .map(match -> Arrays.asList(match.group(1), match.group(2), match.group(3)).stream()
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow())
                .map(word -> word.equals("$(uuidgen)") ? UUID.randomUUID().toString() : word)
                .toArray(String[]::new);
    }
}
