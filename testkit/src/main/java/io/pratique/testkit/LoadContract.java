package io.pratique.testkit;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a load delivers: all that was written, exactly, and nothing else. */
class LoadContract extends ContractGroup {

    private static final int THREADS = 8;
    private static final int LOADS_PER_THREAD = 20;

    private static final List<String> ODD_TEXTS = List.of(
            "ON",
            "True",
            " off",
            "off ",
            "\toff\t",
            "",
            " ",
            "maybe",
            "null",
            "'off'",
            "\"off\"",
            "a=b",
            "off # not a comment",
            "!off",
            "\\n",
            "50%",
            "${HOME}",
            "caf\u00e9",
            "cafe\u0301",
            "\u0432\u044b\u043a\u043b",
            "\u5173\u95ed",
            "\ud83d\udea2",
            "x".repeat(10_000));

    private static final List<String> CONTROL_CHARACTERS = List.of(
            "on\noff",
            "off\n",
            "\r\noff\r\n",
            "\u0000",
            "off\u0000",
            "\u0001",
            "\b\f\u000b",
            "\u001b[31moff",
            "\u007f",
            "\u0085",
            "\u2028off\u2029",
            "\u202eoff",
            "\ufeffoff");

    private static final List<String> ODD_KEYS = List.of(
            "Outbox-Processing",
            "OUTBOX_PROCESSING",
            "outbox_processing",
            "outbox.processing",
            "outbox/processing",
            "outbox:processing",
            "outbox processing",
            " outbox-processing",
            "outbox-processing ",
            "outbox=processing",
            "#outbox-processing",
            "outbox'processing",
            "outbox\"processing",
            "outbox%processing",
            "outbox*",
            "..",
            "\\",
            "caf\u00e9",
            "cafe\u0301",
            "\u0444\u043b\u0430\u0433",
            "\u65d7",
            "\ud83c\udff3",
            "i\u0307",
            "\u0130",
            "line\nbreak",
            "tab\tkey",
            "nul\u0000key",
            "",
            " ",
            "k".repeat(10_000));

    LoadContract(FlagSourceContract contract) {
        super(contract);
    }

    @Test
    void backendWithoutFlagsIsAnEmptySet() throws Exception {
        assertLoads(Map.of(), open());
    }

    @Test
    void keyThatWasWrittenIsPresentAndOthersAreAbsent() throws Exception {
        write(KEY, "off");

        assertLoads(Map.of(KEY, "off"), open());
    }

    @Test
    void textsAreDeliveredExactly() throws Exception {
        assertDelivers(holdableValues(ODD_TEXTS));
    }

    @Test
    void controlCharactersAreDeliveredExactly() throws Exception {
        assertDelivers(holdableValues(CONTROL_CHARACTERS));
    }

    @Test
    void oddKeysAreDeliveredExactlyAndApart() throws Exception {
        Map<String, String> values = new HashMap<>();
        ODD_KEYS.stream().filter(contract()::canHoldKey).forEach(key -> values.put(key, word(values.size())));
        assertDelivers(values);
    }

    @Test
    void tenThousandFlagsAreDelivered() throws Exception {
        Map<String, String> values = manyFlags(10_000);
        contract().write(values);

        assertLoads(values, open());
    }

    @Test
    void lastTextWrittenIsLoaded() throws Exception {
        FlagSource source = open();
        for (String text : List.of("on", "off", "on")) {
            write(KEY, text);
            assertLoads(Map.of(KEY, text), source);
        }
    }

    @Test
    void keyWrittenAfterALoadIsPresent() throws Exception {
        FlagSource source = open();
        write(KEY, "off");
        assertLoads(Map.of(KEY, "off"), source);

        write("cleanup", "on");

        assertLoads(Map.of(KEY, "off", "cleanup", "on"), source);
    }

    @Test
    void removedKeyIsAbsent() throws Exception {
        FlagSource source = open();
        contract().write(Map.of(KEY, "off", "cleanup", "on"));
        assertLoads(Map.of(KEY, "off", "cleanup", "on"), source);

        remove(KEY);

        assertLoads(Map.of("cleanup", "on"), source);
    }

    @Test
    void removalOfTheLastKeyIsAnEmptySet() throws Exception {
        FlagSource source = open();
        write(KEY, "off");
        assertLoads(Map.of(KEY, "off"), source);

        remove(KEY);

        assertLoads(Map.of(), source);
    }

    @Test
    void removedKeyCanBeWrittenAgain() throws Exception {
        FlagSource source = open();
        write(KEY, "off");
        remove(KEY);
        assertLoads(Map.of(), source);

        write(KEY, "off");

        assertLoads(Map.of(KEY, "off"), source);
    }

    @Test
    void twoLoadsOfAnUnchangedBackendAreEqual() throws Exception {
        contract().write(Map.of(KEY, "off", "cleanup", "on"));
        FlagSource source = open();
        FlagSet first = source.load();

        assertAgree(first, source.load(), "a second load() of the same backend");
    }

    @Test
    void twoSourcesOverOneBackendAreEqual() throws Exception {
        contract().write(Map.of(KEY, "off", "cleanup", "on"));
        FlagSet first = open().load();

        assertAgree(first, open().load(), "the load() of a second source");
    }

    /** A client loads one at a time, but one source may serve several. */
    @Test
    void concurrentLoadsAreWhole() throws Exception {
        Map<String, String> values = manyFlags(500);
        contract().write(values);
        FlagSource source = open();
        Race.of(THREADS, number -> {
            for (int load = 0; load < LOADS_PER_THREAD; load++) {
                assertLoads(values, source);
            }
            return number;
        });
    }

    /** A client interrupts a load that takes too long, and goes on with the same source. */
    @Test
    void interruptedLoadThrowsOrIsWholeAndSpoilsNoLaterOne() throws Exception {
        write(KEY, "off");
        FlagSource source = open();
        assertLoads(Map.of(KEY, "off"), source);
        FutureTask<Void> interrupted = new FutureTask<>(() -> {
            loadInterrupted(source);
            return null;
        });
        Thread thread = new Thread(interrupted, "contract-interrupted-load");
        thread.start();
        interrupted.get();

        write(KEY, "on");

        assertLoads(Map.of(KEY, "on"), source);
    }

    private static void loadInterrupted(FlagSource source) {
        Thread.currentThread().interrupt();
        FlagSet loaded;
        try {
            loaded = source.load();
        } catch (Exception expected) {
            return;
        }
        assertHolds(Map.of(KEY, "off"), loaded, "load() on an interrupted thread");
    }

    private void assertDelivers(Map<String, String> values) throws Exception {
        assumeFalse(values.isEmpty(), "the backend can hold none of these");
        contract().write(values);
        assertLoads(values, open());
    }

    private Map<String, String> holdableValues(List<String> texts) {
        Map<String, String> values = new HashMap<>();
        texts.stream().filter(contract()::canHoldValue).forEach(text -> values.put("text-" + values.size(), text));
        return values;
    }

    /** One of 256 words that differ, so that a text tells which key it was written for. */
    static String word(int number) {
        char[] letters = "disabled".toCharArray();
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (number >> i & 1) == 1 ? Character.toUpperCase(letters[i]) : letters[i];
        }
        return new String(letters);
    }

    static Map<String, String> manyFlags(int count) {
        Map<String, String> values = new HashMap<>();
        IntStream.range(0, count).forEach(i -> values.put("flag-" + i, i % 3 == 0 ? "off" : "on"));
        return values;
    }
}
