package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.env.Naming.Form;
import io.pratique.env.Naming.Meaning;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B-1")
class NamingTest {

    @Nested
    class Rule {

        @ParameterizedTest
        @CsvSource({
            "OUTBOX_PROCESSING_ENABLED, outbox-processing, SUFFIXED",
            "ENABLE_OUTBOX_PROCESSING, outbox-processing, PREFIXED",
            "OUTBOX_PROCESSING, outbox-processing, BARE",
            "outbox.processing.enabled, outbox-processing, SUFFIXED",
            "outbox-processing, outbox-processing, BARE",
            "enable.outbox.processing, outbox-processing, PREFIXED",
            "Outbox-Processing_Enabled, outbox-processing, SUFFIXED",
            "X1_ENABLED, x1, SUFFIXED",
            "2FA, 2fa, BARE",
            "straße_ENABLED, straße, SUFFIXED",
            "флаг, флаг, BARE"
        })
        void namesAFlagInThreeForms(String name, String key, Form form) {
            assertThat(Naming.DEFAULT.read(name)).isEqualTo(new Meaning(key, form));
        }

        /** What the suffix leaves is the flag, whatever else the name looks like. */
        @ParameterizedTest
        @CsvSource({
            "ENABLE_X_ENABLED, enable-x, SUFFIXED",
            "X_ENABLED_ENABLED, x-enabled, SUFFIXED",
            "ENABLE_ENABLE_X, enable-x, PREFIXED",
            "ENABLE_ENABLED, enable, SUFFIXED",
            "ENABLED, enabled, BARE",
            "ENABLE, enable, BARE",
            "DISABLED, disabled, BARE",
            "REENABLED, reenabled, BARE",
            "ENABLEMENT, enablement, BARE"
        })
        void isTakenByItsOrderWhereNamesCollide(String name, String key, Form form) {
            assertThat(Naming.DEFAULT.read(name)).isEqualTo(new Meaning(key, form));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "_", "-", "...", "_ENABLED", "ENABLE_", "__ENABLED", "ENABLE__", "=", " "})
        void findsNoFlagInANameWithoutAWord(String name) {
            assertThat(Naming.DEFAULT.read(name)).isNull();
        }

        /** In Turkish, the capital of {@code i} is not {@code I}. */
        @Test
        void isTheSameInEveryLanguage() {
            Locale before = Locale.getDefault();
            Locale.setDefault(Locale.forLanguageTag("tr"));
            try {
                assertThat(Naming.DEFAULT.read("MAIL_DISPATCHING_ENABLED"))
                        .isEqualTo(new Meaning("mail-dispatching", Form.SUFFIXED));
                assertThat(Naming.DEFAULT.withPrefix("mail.").read("MAIL_INBOX"))
                        .isEqualTo(new Meaning("inbox", Form.BARE));
            } finally {
                Locale.setDefault(before);
            }
        }
    }

    @Nested
    class Prefix {

        private final Naming prefixed = Naming.DEFAULT.withPrefix("MYAPP_");

        @ParameterizedTest
        @CsvSource({
            "MYAPP_OUTBOX_ENABLED, outbox, SUFFIXED",
            "MYAPP_ENABLE_OUTBOX, outbox, PREFIXED",
            "MYAPP_OUTBOX, outbox, BARE",
            "myapp.outbox.enabled, outbox, SUFFIXED",
            "MYAPP_MYAPP_OUTBOX, myapp-outbox, BARE",
            "MYAPP_ENABLED, enabled, BARE"
        })
        void isTakenOffFirst(String name, String key, Form form) {
            assertThat(prefixed.read(name)).isEqualTo(new Meaning(key, form));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "OUTBOX_ENABLED",
                    "ENABLE_MYAPP_OUTBOX",
                    "MYAPP",
                    "MYAPP_",
                    "MYAPP__ENABLED",
                    "MYAPPOUTBOX",
                    ""
                })
        void leavesOtherNamesAlone(String name) {
            assertThat(prefixed.read(name)).isNull();
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " ", "_", "MYAPP", "MYAPP_X"})
        void isRefusedIfNamesCouldRunIntoIt(String prefix) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Naming.DEFAULT.withPrefix(prefix))
                    .withMessageContaining("prefix of flag variables")
                    .withMessageContaining("\"" + prefix + "\"")
                    .withMessageContaining("\"MYAPP_\"");
        }
    }

    @Nested
    class Mapping {

        @Test
        void replacesTheRule() {
            Naming mapped = Naming.DEFAULT.withMapping(Map.of("Killswitch:Outbox", "Outbox Processing")::get);

            assertThat(mapped.read("Killswitch:Outbox")).isEqualTo(new Meaning("Outbox Processing", Form.MAPPED));
            assertThat(mapped.read("OUTBOX_PROCESSING_ENABLED")).isNull();
        }

        @Test
        void seesNamesAsWrittenWithoutThePrefix() {
            Naming mapped = Naming.DEFAULT.withMapping(name -> name).withPrefix("ff.");

            assertThat(mapped.read("FF_camelCase.x")).isEqualTo(new Meaning("camelCase.x", Form.MAPPED));
            assertThat(mapped.read("camelCase.x")).isNull();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " "})
        void thatGivesABlankKeyMeansNoFlag(String key) {
            assertThat(Naming.DEFAULT.withMapping(name -> key).read("X")).isNull();
        }

        @Test
        void thatThrowsIsReportedWithoutTheNameItThrewOver() {
            Naming mapped = Naming.DEFAULT.withMapping(name -> {
                throw new IllegalStateException("no mapping for " + name);
            });

            assertThatThrownBy(() -> mapped.read("SECRET_NAME"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("java.lang.IllegalStateException")
                    .hasNoCause()
                    .message()
                    .doesNotContain("SECRET_NAME");
        }

        @Test
        void mustBeGiven() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Naming.DEFAULT.withMapping(null))
                    .withMessageContaining("mapping");
        }
    }
}
