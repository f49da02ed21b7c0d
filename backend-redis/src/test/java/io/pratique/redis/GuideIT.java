package io.pratique.redis;

import static io.pratique.redis.Scene.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.LostHistoryException;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The commands that the guide gives within its sentences; {@link AccessControlIT} runs the others. */
@Tag("B-3")
class GuideIT {

    private RedisProcess redis;
    private RedisFlagStore store;

    @BeforeEach
    void start() throws IOException {
        redis = RedisProcess.start();
        store = RedisFlagStore.connect(redis.uri());
        store.set("webhook-processing", "off", ADA);
        store.set("cleanup", "off", ADA);
        store.set("cleanup", "on", ADA);
    }

    @AfterEach
    void stop() throws IOException {
        store.close();
        redis.close();
    }

    @Test
    void valuesAreShown() throws Exception {
        assertThat(redis.ask(Guide.command("HGETALL"))).isEqualTo("*4");
    }

    @Test
    void sizeOfTheHistoryIsTold() throws Exception {
        assertThat(redis.ask(Guide.command("MEMORY USAGE"))).matches(":[1-9]\\d+");
    }

    /** Flags whose last change is cut off are still there; a reader who saw no later one believes that it was lost. */
    @Test
    @Tag("B-7")
    void historyIsCut() throws Exception {
        FlagSet seenLast = store.load();
        store.set("cleanup", "off", ADA);
        FlagSet seenNow = store.load();
        String[] cut = Guide.command("XTRIM");
        assertThat(cut[cut.length - 1]).isEqualTo("<version>");
        cut[cut.length - 1] = "4";

        assertThat(redis.ask(cut)).isEqualTo(":3");

        assertThat(store.reload(seenNow)).isSameAs(seenNow);
        assertThat(store.load()).isEqualTo(seenNow);
        assertThat(store.list()).hasSize(2);
        assertThat(store.history("cleanup", 10)).hasSize(1);
        assertThatThrownBy(() -> store.reload(seenLast)).isInstanceOf(LostHistoryException.class);
        assertThat(store.set("webhook-processing", "on", ADA).version()).isEqualTo(5);
    }

    @Test
    void anotherDatabaseTakesOneRightMore() throws Exception {
        Guide.grant(redis);
        try (RedisFlagSource reader =
                RedisFlagSource.connect("redis://pratique-reader:reader-secret@127.0.0.1:" + redis.port() + "/1")) {
            // Lettuce closes the connection before it tells why; who is told of the end first is a matter of luck.
            await().untilAsserted(() -> assertThatThrownBy(reader::load)
                    .isInstanceOf(FlagStoreException.class)
                    .hasMessageContaining("refuses the user a right"));

            redis.tell("ACL", "SETUSER", "pratique-reader", "+select");

            assertThat(reader.load().entries()).isEmpty();
        }
    }
}
