package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B-3")
class StoreUrlTest {

    @ParameterizedTest
    @CsvSource({
        "redis://h, redis://h",
        "redis://h:1/2?timeout=2s, redis://h:1/2?timeout=2s",
        "redis://ops@h, redis://ops@h",
        "redis://ops:a%2Fb@h, redis://ops:a%2Fb@h",
        "redis://:a^b@h, redis://:a%5Eb@h",
        "redis://:a@b@h, redis://:a%40b@h",
        "redis://:a+b@h, redis://:a%2Bb@h",
        "redis://:a b@h, redis://:a%20b@h",
        "'redis-sentinel://:p@h1:1,h2#master', 'redis-sentinel://:p@h1:1,h2#master'"
    })
    void isWrittenAgainWithItsPasswordEncoded(String text, String again) {
        StoreUrl url = StoreUrl.parse(text);

        assertThat(url.text(url.scheme(), url.hosts())).isEqualTo(again);
    }

    @Test
    void takesThePasswordThatItDoesNotHave() {
        StoreUrl with = StoreUrl.parse("postgresql://ops@db/flags").orPassword("a/b");
        StoreUrl own = StoreUrl.parse("postgresql://ops:own@db/flags").orPassword("a/b");

        assertThat(with).isEqualTo(new StoreUrl("postgresql", "ops", "a/b", "db", "/flags"));
        assertThat(own.password()).isEqualTo("own");
    }

    @ParameterizedTest
    @Tag("C-4")
    @ValueSource(strings = {"redis://:hun%zzter@h", "redis://:hun/ter@h", "redis://:hun?ter@h", "redis://hunter%@h"})
    void showsNothingOfWhatItCannotTakeApart(String text) {
        assertThatThrownBy(() -> StoreUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"redis\"")
                .hasMessageNotContaining("hun")
                .hasMessageNotContaining("zz");
        assertThat(StoreUrl.parse("redis://u:hunter2@h").toString()).doesNotContain("hunter2");
    }
}
