package io.pratique.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.pratique.flags.spi.FlagEntry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B-3")
class MetaTest {

    private static final Instant CHANGED = Instant.parse("2030-01-01T00:00:00.000001Z");
    private static final String TEXT = "7|1893456000000001";

    @Test
    void valueForGoodHasVersionAndTime() {
        assertThat(Meta.parse("cleanup", TEXT)).isEqualTo(new Meta(7, CHANGED, null, null));
    }

    @Test
    void timeBoxEndsAndCoversWhateverTextThereWas() {
        Instant end = CHANGED.plusSeconds(60);

        assertThat(Meta.parse("cleanup", TEXT + "|1893456060000001")).isEqualTo(new Meta(7, CHANGED, end, null));
        assertThat(Meta.parse("cleanup", TEXT + "|1893456060000001|")).isEqualTo(new Meta(7, CHANGED, end, ""));
        assertThat(Meta.parse("cleanup", TEXT + "|1893456060000001|a|b\n|"))
                .isEqualTo(new Meta(7, CHANGED, end, "a|b\n|"));
    }

    @Test
    void entryHasTheTimeLeftByTheServersClock() {
        Meta meta = Meta.parse("cleanup", TEXT + "|1893456060000001|on");

        assertThat(meta.entry("off", CHANGED.plusSeconds(61)))
                .isEqualTo(FlagEntry.of("off").changedAt(CHANGED).ending(Duration.ofSeconds(-1), "on"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "7", "7|", "x|1", "7|x", "7|1|x", "7|1||on"})
    void whatSomethingElseHasWrittenIsNoFlag(String text) {
        assertThatIllegalStateException()
                .isThrownBy(() -> Meta.parse("clean\nup", text))
                .withMessageContaining("flag \"clean\\u000Aup\" was written by something else")
                .withMessageContaining("set or clear that flag again");
    }
}
