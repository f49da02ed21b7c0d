package io.pratique.flags.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagTextTest {

    @Nested
    @Tag("F-3")
    class Words {

        @ParameterizedTest
        @ValueSource(strings = {"true", "on", "yes", "1", "enabled"})
        void thatMeanOnInAnyCase(String word) {
            assertThat(FlagText.parse(word)).isTrue();
            assertThat(FlagText.parse(word.toUpperCase(Locale.ROOT))).isTrue();
            assertThat(FlagText.parse(capitalised(word))).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"false", "off", "no", "0", "disabled"})
        void thatMeanOffInAnyCase(String word) {
            assertThat(FlagText.parse(word)).isFalse();
            assertThat(FlagText.parse(word.toUpperCase(Locale.ROOT))).isFalse();
            assertThat(FlagText.parse(capitalised(word))).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {" off", "off ", "\toff\r\n", "\n\n off \f", "\u2003off\u3000", "\u000boff"})
        void haveWhiteSpaceTrimmed(String text) {
            assertThat(FlagText.parse(text)).isFalse();
        }

        @Test
        void mayStandInAnyAmountOfWhiteSpace() {
            assertThat(FlagText.parse(" ".repeat(10_000) + "disabled" + "\n".repeat(10_000)))
                    .isFalse();
        }

        @Test
        void doNotDependOnTheLocale() {
            Locale before = Locale.getDefault();
            try {
                Locale.setDefault(Locale.forLanguageTag("tr"));

                assertThat(FlagText.parse("DISABLED")).isFalse();
            } finally {
                Locale.setDefault(before);
            }
        }

        private static String capitalised(String word) {
            return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
        }
    }

    @Nested
    @Tag("F-3")
    class OtherTexts {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "\n",
                    "maybe",
                    "t",
                    "f",
                    "y",
                    "n",
                    "2",
                    "-1",
                    "01",
                    "1.0",
                    "on off",
                    "o n",
                    "onn",
                    "true;",
                    "\"on\"",
                    "'off'",
                    "null",
                    "disabledx",
                    "disabled disabled"
                })
        void meanNothing(String text) {
            assertThat(FlagText.parse(text)).isNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ＯＦＦ", // full-width letters
                    "оff", // a Cyrillic o
                    "dıisabled",
                    "DİSABLED",
                    "diſabled", // a long s
                    "٠", // an Arabic zero
                    "off\u0000",
                    "\u200boff", // a space without width is no white space
                    "\ufeffoff",
                    "\ud800"
                })
        void thatOnlyLookLikeAWordMeanNothing(String text) {
            assertThat(FlagText.parse(text)).isNull();
        }

        @Test
        void ofAMegabyteMeanNothing() {
            assertThat(FlagText.parse("off".repeat(350_000))).isNull();
        }
    }

    @Nested
    class Printable {

        @Test
        void leavesOrdinaryTextAlone() {
            assertThat(FlagText.printable("outbox = \"on\" für 東京 🚀")).isEqualTo("outbox = \"on\" für 東京 🚀");
        }

        @ParameterizedTest
        @CsvSource({
            "10,u000A", // line feed
            "13,u000D", // carriage return
            "27,u001B", // escape, which colours and clears terminals
            "0,u0000",
            "127,u007F",
            "133,u0085", // next line
            "8232,u2028", // line separator
            "8233,u2029", // paragraph separator
            "8238,u202E", // right-to-left override
            "8295,u2067", // right-to-left isolate
            "8203,u200B", // zero width space
            "65279,uFEFF",
            "57344,uE000", // private use
            "917505,uE0001" // language tag, invisible
        })
        void escapesWhatCouldForgeALine(int codePoint, String escaped) {
            assertThat(FlagText.printable("a" + Character.toString(codePoint) + "b"))
                    .isEqualTo("a\\" + escaped + "b");
        }

        @Test
        void escapesSurrogatesThatStandAlone() {
            assertThat(FlagText.printable("a\ud83d")).isEqualTo("a\\uD83D");
            assertThat(FlagText.printable("\ude80a")).isEqualTo("\\uDE80a");
        }

        @Test
        void cutsAfterThirtyTwoCharacters() {
            assertThat(FlagText.printable("x".repeat(32))).isEqualTo("x".repeat(32));
            assertThat(FlagText.printable("x".repeat(33))).isEqualTo("x".repeat(32) + "…");
        }

        @Test
        void neverCutsInsideASurrogatePair() {
            assertThat(FlagText.printable("x".repeat(31) + "🚀🚀")).isEqualTo("x".repeat(31) + "🚀…");
            assertThat(FlagText.printable("🚀".repeat(32))).isEqualTo("🚀".repeat(32));
            assertThat(FlagText.printable("🚀".repeat(33))).isEqualTo("🚀".repeat(32) + "…");
        }

        @Test
        void showsLittleOfAMegabyte() {
            assertThat(FlagText.printable("\n".repeat(1_000_000))).hasSize(32 * 6 + 1);
        }

        @Test
        void showsNothingOfNothing() {
            assertThat(FlagText.printable("")).isEmpty();
        }
    }
}
