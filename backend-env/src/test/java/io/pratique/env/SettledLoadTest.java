package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.flags.spi.FlagSet;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a load makes of a place that changes or fails under its hands. */
@Tag("B-1")
class SettledLoadTest {

    /** What happens while a look is being read. */
    @FunctionalInterface
    private interface Reading {
        void run() throws IOException;
    }

    private final Deque<Reading> readings = new ArrayDeque<>();
    private final AtomicReference<String> content = new AtomicReference<>("on");
    private final AtomicBoolean exact = new AtomicBoolean(true);
    private final EnvFlagSource source = new EnvFlagSource(
            "fake", () -> new Content(content.get(), exact.get(), this), Naming.DEFAULT, new ScriptedPause());

    private record Content(String text, boolean isExact, SettledLoadTest test) implements Look {
        @Override
        public void readInto(Draft draft) throws IOException {
            Reading reading = test.readings.poll();
            if (reading != null) {
                reading.run();
            }
            draft.add("A_ENABLED", text);
        }
    }

    private void whileReading(Reading... next) {
        readings.addAll(List.of(next));
    }

    private static void fail(String message) throws IOException {
        throw new IOException(message);
    }

    @Test
    void whatChangesWhileItIsReadIsReadAgain() throws Exception {
        whileReading(() -> content.set("off"));

        assertThat(Texts.of(source)).containsExactly(Map.entry("a", "off"));
    }

    @Test
    void whatIsReplacedUnderAReadThatFailsIsReadAgain() throws Exception {
        whileReading(() -> {
            content.set("off");
            fail("gone");
        });

        assertThat(Texts.of(source)).containsExactly(Map.entry("a", "off"));
    }

    @Test
    void whatChangesInEachReadIsNotBelieved() throws Exception {
        FlagSet before = source.load();
        content.set("0");
        whileReading(() -> content.set("1"), () -> content.set("2"));

        assertThat(source.reload(before)).isSameAs(before);
        assertThat(source.reload(before)).isSameAs(before);
        assertThat(readings).isEmpty();
        assertThat(Texts.of(source)).containsExactly(Map.entry("a", "2"));
    }

    @Test
    void failureOfAPlaceThatStaysAsItIsIsAnOutage() throws Exception {
        FlagSet before = source.load();
        content.set("off");
        whileReading(() -> fail("input/output error"));

        assertThatThrownBy(() -> source.reload(before)).hasMessage("input/output error");
        assertThat(Texts.of(source)).containsExactly(Map.entry("a", "off"));
    }

    @Test
    void whatLooksAsItDidIsNotReadAgain() throws Exception {
        FlagSet before = source.load();
        whileReading(() -> fail("read"));

        assertThat(source.reload(before)).isSameAs(before);
        assertThat(source.load()).isSameAs(before);
        assertThat(readings).hasSize(1);
    }

    /** As on file systems whose times are whole seconds: a kill may be hidden. */
    @Test
    void whatMayHideAChangeIsReadAgain() throws Exception {
        exact.set(false);
        FlagSet before = source.load();
        whileReading(() -> {});

        assertThat(source.reload(before)).isSameAs(before);
        assertThat(readings).isEmpty();
    }

    @Test
    void placeThatIsAsItWasBeforeAnOutageIsBelievedWithoutBeingRead() throws Exception {
        FlagSet before = source.load();
        content.set("off");
        whileReading(() -> fail("gone"), () -> fail("read"));
        assertThatThrownBy(source::load).hasMessage("gone");
        content.set("on");

        assertThat(source.load()).isSameAs(before);
        assertThat(readings).hasSize(1);
    }

    @Test
    void interruptedReadIsNoFailureOfThePlace() throws Exception {
        whileReading(() -> {
            Thread.currentThread().interrupt();
            fail("closed by interrupt");
        });

        assertThatThrownBy(source::load).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(Texts.of(source)).containsExactly(Map.entry("a", "on"));
    }
}
