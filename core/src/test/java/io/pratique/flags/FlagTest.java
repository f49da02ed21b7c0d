package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagTest {

    @Nested
    @Tag("F-2")
    @Tag("F-12")
    class ADeclaration {

        @Test
        void isOnWithoutOwnerEndOrDescriptionUnlessToldSo() {
            Flag flag = Flag.of("outbox-processing");

            assertThat(flag).isEqualTo(new Flag("outbox-processing", true, null, null, null));
        }

        @Test
        void carriesWhatItIsToldWhateverTheOrder() {
            Flag one = Flag.of("a")
                    .defaultOff()
                    .owner("payments")
                    .expires(LocalDate.of(2027, 3, 1))
                    .description("sends mail");
            Flag other = Flag.of("a")
                    .description("sends mail")
                    .expires(LocalDate.of(2027, 3, 1))
                    .owner("payments")
                    .defaultOff();

            assertThat(one)
                    .isEqualTo(other)
                    .isEqualTo(new Flag("a", false, "payments", LocalDate.of(2027, 3, 1), "sends mail"));
        }

        @Test
        void isNotChangedByWhatIsMadeFromIt() {
            Flag flag = Flag.of("a");

            assertThat(flag.defaultOff()).isNotEqualTo(flag);
            assertThat(flag.enabledByDefault()).isTrue();
        }

        @Test
        void refusesToBeToldNothing() {
            Flag flag = Flag.of("mail");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flag.owner(null))
                    .withMessageContainingAll("owner", "\"mail\"", "must not be null", "leave the call out");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flag.expires(null))
                    .withMessageContainingAll("expires", "\"mail\"", "must not be null", "leave the call out");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> flag.description(null))
                    .withMessageContainingAll("description", "\"mail\"", "must not be null", "leave the call out");
        }
    }

    @Nested
    class AKey {

        @ParameterizedTest
        @ValueSource(strings = {"a", "outbox-processing", "Outbox_Processing", "東京", "🚀", "a b", " a", "1", "-", "\\"})
        void mayBeAnyShortText(String key) {
            assertThat(Flag.of(key).key()).isEqualTo(key);
        }

        @Test
        void mayHaveTwoHundredAndFiftySixCharacters() {
            assertThat(Flag.of("x".repeat(256)).key()).hasSize(256);
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " ", "\t", "\r\n", "\u2003"})
        void mustNotBeMissing(String key) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Flag.of(key))
                    .withMessageStartingWith("flag key must be 1 to 256 characters and not blank, but is ")
                    .withMessageEndingWith("; give it a short name such as \"outbox-processing\"");
        }

        @Test
        void isShownInQuotesWhenRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> Flag.of(null)).withMessageContaining("but is null;");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Flag.of("\r\n"))
                    .withMessageContaining("but is \"\\u000D\\u000A\" (2 characters)");
        }

        @ParameterizedTest
        @ValueSource(ints = {257, 10_000, 1_000_000})
        void mustNotBeLongAndIsShownShort(int length) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Flag.of("k".repeat(length)))
                    .withMessageContaining("\"" + "k".repeat(32) + "…\" (" + length + " characters)")
                    .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(200));
        }

        @Test
        void isCheckedByTheConstructorToo() {
            assertThatIllegalArgumentException().isThrownBy(() -> new Flag(" ", true, null, null, null));
        }
    }
}
