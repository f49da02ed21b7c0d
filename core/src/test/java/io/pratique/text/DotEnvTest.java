package io.pratique.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B-1")
class DotEnvTest {

    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<Integer> unparsed = new ArrayList<>();

    /** As flags are read: a slip of the pen is the text of the variable that it names. */
    private void read(String... lines) {
        readText(String.join("\n", lines));
    }

    private void readText(String text) {
        new DotEnv(text).read(values::put, slip -> {
            unparsed.add(slip.line());
            if (slip.name() != null) {
                values.put(slip.name(), slip.text());
            }
        });
    }

    static List<String[]> valuesAsWritten() {
        return List.of(
                new String[] {"A=on", "on"},
                new String[] {"A=", ""},
                new String[] {"A = on ", "on"},
                new String[] {"  A=on", "on"},
                new String[] {"export A=on", "on"},
                new String[] {"\texport\tA=on", "on"},
                new String[] {"A=on # why", "on"},
                new String[] {"A=on\t#why", "on"},
                new String[] {"A= # why", ""},
                new String[] {"A=#fff", "#fff"},
                new String[] {"A=a#b", "a#b"},
                new String[] {"A=a=b=c", "a=b=c"},
                new String[] {"A=it's", "it's"},
                new String[] {"A=$HOME/${x}", "$HOME/${x}"},
                new String[] {"A=C:\\new", "C:\\new"},
                new String[] {"A=\"on\"", "on"},
                new String[] {"A=\"on\" # why", "on"},
                new String[] {"A=\"on\"   ", "on"},
                new String[] {"A=\"\"", ""},
                new String[] {"A=\" a # b \"", " a # b "},
                new String[] {"A=\"x\\n\\r\\t\\\"\\\\\\$y\"", "x\n\r\t\"\\$y"},
                new String[] {"A=\"C:\\dir\"", "C:\\dir"},
                new String[] {"A='on'", "on"},
                new String[] {"A='a\\nb \"c\" # d'", "a\\nb \"c\" # d"},
                new String[] {"A='on' # it's", "on"});
    }

    @ParameterizedTest
    @MethodSource("valuesAsWritten")
    void readsValues(String line, String value) {
        read(line);

        assertThat(values).containsExactly(Map.entry("A", value));
        assertThat(unparsed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"outbox-processing", "outbox.processing", "Ünïcode", "a:b", "export", "_", "9"})
    void readsNames(String name) {
        read(name + "=on");

        assertThat(values).containsExactly(Map.entry(name, "on"));
    }

    @Test
    void passesOverCommentsAndBlankLines() {
        read("# A=on", "", "   ", "\t# B=on", "C=on", "#");

        assertThat(values).containsOnlyKeys("C");
        assertThat(unparsed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void endsLinesAsEverySystemDoes(String lineEnd) {
        readText(String.join(lineEnd, "A=on", "B='off'", "junk", "C=1") + lineEnd);

        assertThat(values).containsExactly(Map.entry("A", "on"), Map.entry("B", "off"), Map.entry("C", "1"));
        assertThat(unparsed).containsExactly(3);
    }

    @Test
    void ofOneNameTheLastLineCounts() {
        read("A=on", "A=off");

        assertThat(values).containsExactly(Map.entry("A", "off"));
    }

    @Nested
    class BadLines {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "junk",
                    "=on",
                    " = on",
                    "A B=on",
                    "export =on",
                    "export A",
                    "A: on",
                    "'A'=on",
                    "A\"=on",
                    "A=\"on",
                    "A='on",
                    "A=\"on\"off",
                    "A='on'#why",
                    "A=\"on\\\"",
                    "<<<<<<< HEAD",
                    "\u0001A=on"
                })
        void costNoOtherLine(String bad) {
            read("BEFORE=off", bad, "AFTER=off");

            assertThat(unparsed).containsExactly(2);
            values.values().remove(bad);
            assertThat(values).containsExactly(Map.entry("BEFORE", "off"), Map.entry("AFTER", "off"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"A B=on", "A=\"on", "A='on'off", "export A=\"on", "A on"})
        @Tag("F-3")
        void areToldWithTheVariableTheyName(String bad) {
            read("A=off", bad);

            assertThat(values).containsExactly(Map.entry("A", bad));
        }

        @ParameterizedTest
        @ValueSource(strings = {"A", "A: on", "export A", "=on", "'A'=on", "\u0001A=on"})
        void thatNameNoVariableAreLeftOut(String bad) {
            read("A=off", bad);

            assertThat(values).containsExactly(Map.entry("A", "off"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"B=\"off\"", "B='off'", "export B=off", "b.c-d = off # \"", "B=\"x\" # \""})
        void ofAForgottenQuoteSwallowNoAssignment(String next) {
            read("A=\"on", next, "C=off");

            assertThat(values).hasSize(3).containsEntry("C", "off").containsEntry("A", "A=\"on");
            assertThat(unparsed).containsExactly(1);
        }

        @Test
        void areAllFound() {
            read("a", "B=on", "c", "# d", "e='", "", "'f");

            assertThat(unparsed).containsExactly(1, 3, 5, 7);
        }
    }

    @Nested
    class SeveralLines {

        @Test
        void areOneQuotedValue() {
            read(
                    "KEY=\"-----BEGIN PRIVATE KEY-----",
                    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC/+x1",
                    "abcdefgh==",
                    "-----END PRIVATE KEY-----\"",
                    "A=off");

            assertThat(values).containsOnlyKeys("KEY", "A").containsEntry("A", "off");
            assertThat(values.get("KEY")).hasLineCount(4).endsWith("abcdefgh==\n-----END PRIVATE KEY-----");
            assertThat(unparsed).isEmpty();
        }

        @Test
        void keepTheNumbersOfTheLinesBelowRight() {
            read("KEY='one", "two'", "junk");

            assertThat(unparsed).containsExactly(3);
        }
    }

    /** Looking for the end of each forgotten quote must not make a long file quadratic. */
    @ParameterizedTest
    @ValueSource(strings = {"A=\"", "A=\"\nx", "x", "'", "A='x\ny==", "export "})
    @Timeout(60)
    void readsAFileFullOfSlipsOfThePen(String slip) {
        String text = (slip + "\n").repeat(1_000_000 / (slip.length() + 1));

        readText(text);

        assertThat(unparsed).hasSizeGreaterThan(100_000);
    }
}
