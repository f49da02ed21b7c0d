package io.pratique.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("C-1")
class DurationTextTest {

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "30s,PT30S", "5m,PT5M", "2h,PT2H", "7d,P7D", "PT30M,PT30M", "-PT1S,-PT1S", "0s,PT0S"})
    void saysHowLong(String text, Duration lasting) {
        assertThat(DurationText.parse(text)).isEqualTo(lasting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "5 m", "5min", "1234567890s", "PT", "P99999999999999999999D", "5m5s", "٥m"})
    void isNone(String text) {
        assertThat(DurationText.parse(text)).isNull();
    }
}
