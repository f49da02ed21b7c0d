package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.flags.spi.FlagSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How variables become flags, over maps. */
@Tag("B-1")
class VariablesTest {

    private final Map<String, String> variables = new HashMap<>();
    private final EnvFlagSource source = EnvFlagSource.of("vars", () -> variables);
    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void close() {
        source.close();
        log.close();
    }

    private Map<String, String> load() throws Exception {
        return Texts.of(source);
    }

    @Nested
    class Forms {

        @Test
        void allThreeAreRead() throws Exception {
            variables.putAll(Map.of("A_ENABLED", "off", "ENABLE_B", "no", "C", "0"));

            assertThat(load()).containsOnly(Map.entry("a", "off"), Map.entry("b", "no"), Map.entry("c", "0"));
        }

        @Test
        void firstInOrderDecides() throws Exception {
            variables.putAll(Map.of("A_ENABLED", "off", "ENABLE_A", "on", "A", "true"));
            assertThat(load()).containsExactly(Map.entry("a", "off"));

            variables.remove("A_ENABLED");
            assertThat(load()).containsExactly(Map.entry("a", "on"));

            variables.remove("ENABLE_A");
            assertThat(load()).containsExactly(Map.entry("a", "true"));
        }

        @Test
        void ofTwoSpellingsOfOneFormCapitalsDecide() throws Exception {
            variables.putAll(Map.of("outbox.enabled", "on", "OUTBOX_ENABLED", "off", "outbox-enabled", "on"));

            assertThat(load()).containsExactly(Map.entry("outbox", "off"));
        }

        @Test
        void textsAreDeliveredAsTheyAre() throws Exception {
            variables.putAll(Map.of("A_ENABLED", " Off\t", "B_ENABLED", "", "C_ENABLED", "vielleicht\u0000"));

            assertThat(load())
                    .containsOnly(Map.entry("a", " Off\t"), Map.entry("b", ""), Map.entry("c", "vielleicht\u0000"));
        }

        @Test
        void nullsAreNoVariables() throws Exception {
            variables.put("A_ENABLED", null);
            variables.put(null, "on");
            variables.put("B_ENABLED", "off");

            assertThat(load()).containsExactly(Map.entry("b", "off"));
        }
    }

    /** An invalid value decides nothing, whichever of a flag's names it stands under. */
    @Nested
    @Tag("F-3")
    class InvalidTexts {

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "offf", "null"})
        void maskNoValidOneUnderAnotherName(String invalid) throws Exception {
            variables.putAll(Map.of("A_ENABLED", invalid, "ENABLE_A", "false", "A", "on"));
            variables.putAll(Map.of("ENABLE_B", invalid, "B", "off"));
            variables.putAll(Map.of("C_ENABLED", "off", "c.enabled", invalid, "ENABLE_C", "on"));

            assertThat(load()).containsOnly(Map.entry("a", "false"), Map.entry("b", "off"), Map.entry("c", "off"));
            assertThat(log.warnings())
                    .contains("Flag b in source vars has two values: B=off decides, ENABLE_B="
                            + invalid
                            + " is passed over");
        }

        @Test
        void areDeliveredFromTheFirstNameWhereNoneIsValid() throws Exception {
            variables.putAll(Map.of("A_ENABLED", "", "ENABLE_A", "offf"));

            assertThat(load()).containsExactly(Map.entry("a", ""));
        }

        /** The client keeps the last valid value of what is spoilt, so the kill stays. */
        @Test
        void ofTheVariableThatDecidedBringBackNothingItOverruled() throws Exception {
            variables.putAll(Map.of("A_ENABLED", "off", "ENABLE_A", "true"));
            load();
            variables.put("A_ENABLED", "offf");
            assertThat(load()).containsExactly(Map.entry("a", "offf"));
            variables.put("A", "on");
            assertThat(load()).containsExactly(Map.entry("a", "offf"));

            variables.remove("A_ENABLED");
            assertThat(load()).containsExactly(Map.entry("a", "true"));
            variables.put("A_ENABLED", "offf");
            assertThat(load()).containsExactly(Map.entry("a", "true"));
        }

        @Test
        void ofTheVariableThatDecidedGiveWayToABetterName() throws Exception {
            variables.put("ENABLE_A", "on");
            load();
            variables.putAll(Map.of("ENABLE_A", "onn", "A_ENABLED", "off"));

            assertThat(load()).containsExactly(Map.entry("a", "off"));
        }

        /** What was valid and never decided holds nothing. */
        @Test
        void ofAVariableThatWasOverruledMaskNothing() throws Exception {
            variables.putAll(Map.of("A_ENABLED", "on", "ENABLE_A", "on", "A", "off"));
            load();
            variables.remove("A_ENABLED");
            variables.put("ENABLE_A", "onn");

            assertThat(load()).containsExactly(Map.entry("a", "off"));
        }
    }

    @Nested
    class BareNames {

        @Test
        void areFlagsOnlyWithAFlagsWord() throws Exception {
            variables.putAll(Map.of("HOME", "/root", "PATH", "/bin", "CI", "true", "PASSWORD", "s3cret"));

            assertThat(load()).containsExactly(Map.entry("ci", "true"));
            assertThat(log.everything()).doesNotContain("s3cret", "PASSWORD", "/root", "HOME");
        }

        /** Else a kill with a slip of the pen would be a flag that is gone, and so on. */
        @Test
        void thatWereFlagsStayFlagsWhateverTheirText() throws Exception {
            variables.put("OUTBOX", "off");
            FlagSet first = source.load();
            variables.put("OUTBOX", "offf");

            FlagSet second = source.reload(first);
            FlagSet third = source.reload(second);

            assertThat(Texts.of(second)).containsExactly(Map.entry("outbox", "offf"));
            assertThat(third).isSameAs(second);
        }

        @Test
        void thatWereGoneAreNoFlagsAnyMore() throws Exception {
            variables.put("OUTBOX", "off");
            load();
            variables.remove("OUTBOX");
            assertThat(load()).isEmpty();

            variables.put("OUTBOX", "/var/outbox");

            assertThat(load()).isEmpty();
        }

        /** The flag was read from another variable, so its bare namesake may be anything: a secret, say. */
        @Test
        void areNotTakenForAFlagThatAnotherVariableNamed() throws Exception {
            variables.putAll(Map.of("STRIPE_ENABLED", "off", "STRIPE", "sk_live_1"));
            load();
            variables.remove("STRIPE_ENABLED");

            assertThat(load()).isEmpty();
            assertThat(log.everything()).doesNotContain("sk_live_1");
        }

        @Test
        void areForgottenByNoFailedLoad() throws Exception {
            variables.put("OUTBOX", "off");
            boolean[] broken = {false};
            EnvFlagSource failing = EnvFlagSource.of("failing", () -> {
                if (broken[0]) {
                    throw new IllegalStateException("not now");
                }
                return variables;
            });
            FlagSet first = failing.load();
            broken[0] = true;
            assertThatThrownBy(() -> failing.reload(first)).hasMessage("not now");
            broken[0] = false;
            variables.put("OUTBOX", "offf");

            assertThat(Texts.of(failing.reload(first))).containsExactly(Map.entry("outbox", "offf"));
        }
    }

    @Nested
    class Contradictions {

        @Test
        void areOneWarningPerKeyWhileTheyLast() throws Exception {
            variables.putAll(Map.of("A_ENABLED", "off", "ENABLE_A", "on", "A", "yes", "B_ENABLED", "on", "B", "off"));
            load();
            load();
            variables.put("UNRELATED", "on");
            load();

            assertThat(log.warnings()).hasSize(2);
            assertThat(log.warnings())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("Flag a in source vars has two values: A_ENABLED=off decides, ")
                            .containsAnyOf("ENABLE_A=on", "A=yes"))
                    .contains("Flag b in source vars has two values: B_ENABLED=on decides, B=off is passed over");
        }

        @Test
        void areWarnedOfAgainIfTheyComeBack() throws Exception {
            variables.putAll(Map.of("A_ENABLED", "off", "A", "on"));
            load();
            variables.put("A", "0");
            load();
            variables.put("A", "1");
            load();

            assertThat(log.warnings()).hasSize(2);
        }

        @Test
        void areNoneIfTheWordsMeanTheSame() throws Exception {
            variables.putAll(Map.of("A_ENABLED", "off", "ENABLE_A", " FALSE ", "A", "0"));
            variables.putAll(Map.of("B_ENABLED", "maybe", "ENABLE_B", "maybe "));
            load();

            assertThat(log.warnings()).isEmpty();
        }

        @Test
        void areFoundWhicheverVariableComesFirst() throws Exception {
            List<String> names = List.of("A_ENABLED", "ENABLE_A", "A", "a.enabled", "a");
            for (String odd : names) {
                Map<String, String> set = new TreeMap<>();
                names.forEach(name -> set.put(name, name.equals(odd) ? "off" : "on"));
                try (CapturedLog own = new CapturedLog();
                        EnvFlagSource one = EnvFlagSource.of("one", () -> set)) {
                    assertThat(Texts.of(one)).containsExactly(Map.entry("a", odd.equals("A_ENABLED") ? "off" : "on"));
                    assertThat(own.warnings()).as("odd one: %s", odd).hasSize(1);
                }
            }
        }

        @Test
        void showTextsEscapedAndCut() throws Exception {
            variables.putAll(Map.of("A_ENABLED", "on", "ENABLE_A", "x\nINFO forged " + "y".repeat(100)));
            load();

            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("ENABLE_A=x\\u000AINFO forged ")
                    .doesNotContain("\n", "y".repeat(33));
        }

        @Test
        void areNotSeenWithABareNameThatIsNoFlag() throws Exception {
            variables.putAll(Map.of("STRIPE_ENABLED", "off", "STRIPE", "sk_live_1"));
            load();

            assertThat(log.everything()).isEmpty();
        }
    }

    @Nested
    class Layers {

        private final Map<String, String> upper = new HashMap<>();
        private final EnvFlagSource layered = new EnvFlagSource(
                "env", MapOrigin.of(List.of(() -> upper, () -> variables)), Naming.DEFAULT, Stillness.Pause.PERIODICAL);

        @Test
        void upperDecidesWhateverItsForm() throws Exception {
            upper.put("a", "off");
            variables.putAll(Map.of("A_ENABLED", "on", "B_ENABLED", "off"));

            assertThat(Texts.of(layered)).containsOnly(Map.entry("a", "off"), Map.entry("b", "off"));
            assertThat(log.warnings())
                    .containsExactly("Flag a in source env has two values: a=off decides, A_ENABLED=on is passed over");
        }

        @Test
        void textThatWasNeverValidHidesNothingBelow() throws Exception {
            upper.put("A_ENABLED", "banana");
            variables.put("A_ENABLED", "off");

            assertThat(Texts.of(layered)).containsExactly(Map.entry("a", "off"));
            assertThat(log.warnings()).hasSize(1);
        }

        @Test
        void textThatIsValidNowhereIsDeliveredFromAbove() throws Exception {
            upper.put("A_ENABLED", "banana");
            variables.put("A_ENABLED", "apple");

            assertThat(Texts.of(layered)).containsExactly(Map.entry("a", "banana"));
        }

        /** The client then keeps the last valid value, which was the upper one's. */
        @Test
        void spoiltTextStillOverrulesWhatIsBelow() throws Exception {
            upper.put("A_ENABLED", "off");
            variables.put("A_ENABLED", "on");
            layered.load();
            upper.put("A_ENABLED", "offf");

            assertThat(Texts.of(layered)).containsExactly(Map.entry("a", "offf"));
            assertThat(Texts.of(layered)).containsExactly(Map.entry("a", "offf"));

            upper.remove("A_ENABLED");
            assertThat(Texts.of(layered)).containsExactly(Map.entry("a", "on"));

            upper.put("A_ENABLED", "offf");
            assertThat(Texts.of(layered)).containsExactly(Map.entry("a", "on"));
        }
    }

    @Nested
    class Settings {

        @Test
        void prefixKeepsOtherVariablesOut() throws Exception {
            variables.putAll(
                    Map.of("MYAPP_OUTBOX_ENABLED", "off", "OUTBOX_ENABLED", "on", "SPRING_JMX_ENABLED", "true"));

            assertThat(Texts.of(source.prefix("MYAPP_"))).containsExactly(Map.entry("outbox", "off"));
        }

        @Test
        void mappedVariablesAreFlagsWhateverTheirText() throws Exception {
            variables.putAll(Map.of("kill:outbox", "soon", "OUTBOX_ENABLED", "on"));

            EnvFlagSource mapped = source.mapping(name -> name.startsWith("kill:") ? name.substring(5) : null);

            assertThat(Texts.of(mapped)).containsExactly(Map.entry("outbox", "soon"));
        }

        @Test
        void ofTwoMappedVariablesTheFirstNameDecides() throws Exception {
            variables.putAll(Map.of("b", "on", "a", "off"));

            assertThat(Texts.of(source.mapping(name -> "x"))).containsExactly(Map.entry("x", "off"));
            assertThat(log.warnings()).hasSize(1);
        }

        @Test
        void eachGiveASourceOfItsOwn() throws Exception {
            variables.put("OUTBOX", "off");
            EnvFlagSource renamed = source.name("other");
            load();
            variables.put("OUTBOX", "offf");

            assertThat(renamed.name()).isEqualTo("other");
            assertThat(source.name()).isEqualTo("vars");
            assertThat(Texts.of(renamed)).isEmpty();
            source.close();
            assertThat(Texts.of(renamed)).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "\t"})
        void blankNameIsRefused(String name) {
            assertThatThrownBy(() -> source.name(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"" + name + "\"");
            assertThatThrownBy(() -> EnvFlagSource.of(name, Map::of)).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void nullIsRefused() {
            assertThatThrownBy(() -> source.name(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> source.prefix(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> source.mapping(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> EnvFlagSource.of("x", null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> EnvFlagSource.file(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> EnvFlagSource.dotEnvFile(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> EnvFlagSource.propertiesFile(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> EnvFlagSource.directory(null)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void unchangedVariablesGiveTheSameInstance() throws Exception {
        variables.put("A_ENABLED", "off");
        FlagSet first = source.load();
        variables.put("HOME", "/elsewhere");

        assertThat(source.load()).isSameAs(first);
        assertThat(source.reload(first)).isSameAs(first);
        FlagSet equal = FlagSet.of(Map.of("a", "off"));
        assertThat(source.reload(equal)).isSameAs(equal);
    }

    /** Were each name compared with each other one, this would take minutes. */
    @Test
    void tenThousandVariablesAreRead() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            variables.put("FLAG_" + i + "_ENABLED", i % 2 == 0 ? "on" : "off");
            variables.put("NAME_" + i, "/some/path/" + i);
        }

        assertThat(load()).hasSize(10_000).containsEntry("flag-9999", "off");
    }

    @Test
    void longNamesAndTextsAreRead() throws Exception {
        variables.put("X".repeat(10_000) + "_ENABLED", "off");
        variables.put("Y_ENABLED", "z".repeat(1_000_000));

        assertThat(load()).containsOnly(Map.entry("x".repeat(10_000), "off"), Map.entry("y", "z".repeat(1_000_000)));
    }
}
