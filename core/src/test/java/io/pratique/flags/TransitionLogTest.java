package io.pratique.flags;

import static io.pratique.flags.Eventually.eventuallyTrue;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("F-7")
class TransitionLogTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final SettableSource source = new SettableSource("db");
    private CapturedLog log;
    private FlagClient flags;

    private int looks;

    @BeforeEach
    void capture() {
        log = CapturedLog.of(FlagClient.class);
    }

    @AfterEach
    void close() {
        flags.close();
        log.close();
    }

    private FlagClient build(Flag... declared) {
        flags = FlagClient.builder().source(source).declare(declared).build();
        return flags;
    }

    /** The transitions told so far: all of them, since a later one of a flag for that purpose has been told too. */
    private List<ILoggingEvent> transitions() throws Exception {
        // Another one at each look: the one before has been told already.
        String marker = "last-of-all-" + ++looks;
        try (Subscription last = flags.override(marker, false, HOUR, "marks the end")) {
            eventuallyTrue(() -> !log.events(Level.INFO, "flag", marker).isEmpty());
        }
        return log.events(Level.INFO).stream()
                .filter(event -> event.getFormattedMessage().startsWith("Feature is "))
                .filter(event ->
                        !String.valueOf(CapturedLog.value(event, "flag")).startsWith("last-of-all-"))
                .toList();
    }

    private List<String> told() throws Exception {
        return transitions().stream()
                .map(event -> CapturedLog.value(event, "flag") + "=" + CapturedLog.value(event, "enabled"))
                .toList();
    }

    @Test
    void tellsOnceThatAFeatureIsOffAndOnceThatItIsOnAgain() throws Exception {
        source.says("mail", "on");
        build();

        source.says("mail", "off");
        SettableSource.refresh(flags);
        source.says("mail", "on");
        SettableSource.refresh(flags);

        assertThat(told()).containsExactly("mail=false", "mail=true");
    }

    @Test
    void carriesKeyValueAndSourceAsFields() throws Exception {
        source.says("mail", "no");
        build();

        assertThat(transitions()).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.INFO);
            assertThat(CapturedLog.value(event, "flag")).isEqualTo("mail");
            assertThat(CapturedLog.value(event, "enabled")).isEqualTo(false);
            assertThat(CapturedLog.value(event, "source")).isEqualTo("db");
            assertThat(event.getFormattedMessage()).startsWith("Feature is off: mail=off (STATIC, source db");
        });
    }

    @Test
    void saysNothingAtChecks() throws Exception {
        source.says("mail", "off");
        build();
        assertThat(transitions()).hasSize(1);
        // The end of the override that marked the end.
        eventuallyTrue(() -> log.events(Level.INFO, "flag", "last-of-all-1").size() == 2);
        int saidBefore = log.events().size();

        FlagHandle handle = flags.handle("mail");
        for (int i = 0; i < 10_000; i++) {
            assertThat(flags.isEnabled("mail") || handle.isEnabled()).isFalse();
            assertThat(flags.evaluate("mail").enabled()).isFalse();
        }

        assertThat(log.events()).hasSize(saidBefore);
        assertThat(transitions()).hasSize(1);
    }

    @Test
    void saysNothingOfLoadsThatChangeNoAnswer() throws Exception {
        source.says("mail", "off");
        build();

        for (String another : List.of("off", "OFF", "no", "garbage", "0", "disabled")) {
            source.says("mail", another);
            SettableSource.refresh(flags);
        }

        assertThat(told()).containsExactly("mail=false");
    }

    @Test
    void saysNothingOfOutagesThroughWhichAFeatureStaysOff() throws Exception {
        source.says("mail", "off");
        build();

        source.down(true);
        SettableSource.refresh(flags);
        source.down(false);
        SettableSource.refresh(flags);

        assertThat(told()).containsExactly("mail=false");
    }

    @Test
    void tellsWhatChangedDuringAnOutageOnceItIsOver() throws Exception {
        source.says("mail", "off");
        build();
        source.down(true);
        SettableSource.refresh(flags);
        source.says("mail", "on");
        source.down(false);
        SettableSource.refresh(flags);

        assertThat(told()).containsExactly("mail=false", "mail=true");
    }

    @Test
    void tellsOfAFlagThatIsDeletedWhileOff() throws Exception {
        source.says("mail", "off");
        build();

        source.lacks("mail");
        SettableSource.refresh(flags);

        assertThat(told()).containsExactly("mail=false", "mail=true");
        assertThat(transitions()).last().satisfies(event -> {
            assertThat(CapturedLog.value(event, "source")).isNull();
            assertThat(event.getFormattedMessage()).contains("DEFAULT", "FLAG_NOT_FOUND");
        });
    }

    @Test
    void tellsOfAnOverrideWhenItBeginsAndWhenItIsLifted() throws Exception {
        source.says("mail", "on");
        build();

        flags.override("mail", false, HOUR, "INC-7").close();

        assertThat(told()).containsExactly("mail=false", "mail=true");
        assertThat(transitions())
                .extracting(event -> CapturedLog.value(event, "source"))
                .containsExactly("override", "db");
    }

    @Test
    void saysNothingOfAFlagThatIsOffByDefaultUntilItIsTurnedOn() throws Exception {
        build(Flag.of("beta").defaultOff(), Flag.of("gamma").defaultOff());
        assertThat(flags.isEnabled("beta")).isFalse();
        assertThat(told()).isEmpty();

        source.says("gamma", "off").says("beta", "on");
        SettableSource.refresh(flags);
        source.lacks("beta");
        SettableSource.refresh(flags);

        assertThat(told()).containsExactly("beta=true", "beta=false");
    }

    @Test
    void tellsOfEachOfTenThousandFlagsThatAreOffAtTheStartOnce() throws Exception {
        FlagSet.Builder off = FlagSet.builder();
        List<String> keys =
                IntStream.range(0, 10_000).mapToObj(i -> "flag-" + i).toList();
        keys.forEach(key -> off.put(key, "off"));
        source.says(off.build());
        build();

        SettableSource.refresh(flags);

        assertThat(transitions())
                .extracting(event -> CapturedLog.value(event, "flag"))
                .containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    @Tag("F-9")
    void tellsOfAFlagRestoredAsOffOnceAndNotAgainWhenItIsConfirmed(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("flags.snapshot");
        source.says("mail", "off");
        FlagClient.builder().source(source).snapshotFile(file).build().close();
        source.down(true);
        log.close();
        log = CapturedLog.of(FlagClient.class);
        flags = FlagClient.builder().source(source).snapshotFile(file).build();
        assertThat(told()).containsExactly("mail=false");

        source.down(false);
        SettableSource.refresh(flags);

        assertThat(told()).containsExactly("mail=false");
    }

    @Test
    @Tag("F-5")
    void warnsOnceOfAKillThatDoesNotTake() throws Exception {
        SettableSource env = new SettableSource("env").says("mail", "on");
        source.says("mail", "on");
        flags = FlagClient.builder().source(env).source(source).build();

        source.says("mail", "off");
        SettableSource.refresh(flags);
        SettableSource.refresh(flags);
        env.down(true);
        SettableSource.refresh(flags);

        assertThat(told()).isEmpty();
        assertThat(log.events(Level.WARN, "flag", "mail")).singleElement().satisfies(event -> {
            assertThat(CapturedLog.value(event, "source")).isEqualTo("env");
            assertThat(event.getFormattedMessage()).contains("An off is shadowed", "[db]");
        });
    }

    @Test
    void showsOddKeysAndTextsOnOneLine() throws Exception {
        source.says("a\nFeature is on: b", " off\r\n");
        build();

        assertThat(transitions())
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .contains("a\\u000AFeature is on: b", "\" off\\u000D\\u000A\"")
                        .doesNotContain("\n", "\r"));
    }
}
