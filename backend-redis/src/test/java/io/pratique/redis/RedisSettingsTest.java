package io.pratique.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B-3")
class RedisSettingsTest {

    private static final RedisSettings DEFAULTS = RedisSettings.defaults();

    @Test
    void defaultsAreAsDocumented() {
        assertThat(DEFAULTS.name()).isEqualTo("redis");
        assertThat(DEFAULTS.namespace()).isEqualTo("pratique");
        assertThat(DEFAULTS.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(DEFAULTS.trustedCertificates()).isNull();
    }

    @Test
    void eachSetterGivesANewValueAndLeavesTheRest() {
        RedisSettings settings =
                DEFAULTS.name("shared").namespace("shop.eu-1_b").timeout(Duration.ofMillis(5));

        assertThat(settings).hasToString("RedisSettings[shared, namespace shop.eu-1_b, timeout PT0.005S]");
        assertThat(DEFAULTS).hasToString("RedisSettings[redis, namespace pratique, timeout PT2S]");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "Shop", "a}b", "{a}", "-a", "a:b", "a b", "a\n", "é", "*"})
    void namespaceThatCouldBeMisreadIsRefused(String namespace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.namespace(namespace))
                .withMessageStartingWith("namespace of flags in Redis must match")
                .withMessageContaining("\"" + namespace + "\"");
    }

    @Test
    void namespaceHas64CharactersAtMost() {
        assertThat(DEFAULTS.namespace("a".repeat(64)).namespace()).hasSize(64);
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.namespace("a".repeat(65)));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"PT0S", "PT-1S", "PT10M0.001S"})
    void timeoutOutOfBoundsIsRefused(Duration timeout) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.timeout(timeout))
                .withMessageContaining("but is \"" + timeout + "\"; give a few seconds");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void blankNameIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.name(name))
                .withMessageContaining("must not be blank");
    }

    @Test
    void missingFileOfAuthoritiesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.trusting(null))
                .withMessageContaining("\"null\"");
    }
}
