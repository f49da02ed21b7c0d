package io.pratique.release.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.db.JdbcFlagStore;
import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.release.Release;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.ReleaseReport;
import io.pratique.release.Step;
import io.pratique.release.StepAction;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Flags that a release turns on, and off again. */
@Tag("S-8")
@Timeout(120)
class FlagSwitchIT {

    private static final String KEY = "new-checkout";
    private static final Attribution ADA = Attribution.of("ada", "INC-4711: orders are lost");

    private static EmbeddedPostgres server;
    private static FlagStore store;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
        store = JdbcFlagStore.connect(server.getJdbcUrl("postgres", "postgres"), null, null);
        store.clear(KEY, ADA);
    }

    @AfterAll
    static void stop() throws IOException {
        store.close();
        server.close();
    }

    @BeforeEach
    void clear() {
        store.clear(KEY, ADA);
    }

    private static FlagRevision newest() {
        return store.history(KEY, 1).get(0);
    }

    private static Optional<String> value() {
        return store.list().stream()
                .filter(flag -> flag.key().equals(KEY))
                .findFirst()
                .map(FlagRevision::value);
    }

    private Release release(FlagSwitch flag, StepAction afterwards) {
        return Release.named("v2")
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(flag.step("new-checkout"))
                .step(Step.check("afterwards", afterwards))
                .build();
    }

    private ReleaseOutcome undone(FlagSwitch flag) throws Exception {
        return release(flag, FlagSwitchIT::fails).run().outcome();
    }

    private static void fails(Object context) {
        throw new IllegalStateException("the new checkout loses orders");
    }

    @Test
    void flagIsOnAfterARelease() throws Exception {
        assertThat(release(FlagSwitch.of(store, KEY), context -> {}).run().outcome())
                .isEqualTo(ReleaseOutcome.DONE);

        assertThat(value()).contains("on");
        assertThat(newest().by().actor()).isEqualTo("release/1-v2");
        assertThat(newest().by().reason()).startsWith("on for release v2 [");
    }

    @Test
    void flagIsKilledWhenTheReleaseIsUndone() throws Exception {
        store.set(KEY, "on", ADA);

        assertThat(undone(FlagSwitch.of(store, KEY))).isEqualTo(ReleaseOutcome.ROLLED_BACK);

        assertThat(value()).contains("off");
        assertThat(newest().by().actor()).isEqualTo("release/1-v2");
    }

    @Test
    void flagIsWhatItWasIfTold() throws Exception {
        assertThat(undone(FlagSwitch.of(store, KEY).restoring())).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(value()).isEmpty();

        store.set(KEY, "yes", ADA);
        assertThat(undone(FlagSwitch.of(store, KEY).restoring())).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(value()).contains("yes");
    }

    @Test
    void killBySomebodyElseStays() throws Exception {
        Release release = Release.named("v2")
                .directory(directory.resolve("releases"))
                .log(line -> {})
                .step(FlagSwitch.of(store, KEY).step("new-checkout"))
                .build();
        assertThat(release.run().outcome()).isEqualTo(ReleaseOutcome.DONE);
        FlagRevision kill = store.set(KEY, "off", ADA);

        assertThat(release.rollBack("enough").outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);

        assertThat(newest()).isEqualTo(kill);
    }

    /** The store of another program turns the flag off as soon as the release has turned it on. */
    @Test
    void verificationNamesWhoTurnedItOff() throws Exception {
        ReleaseReport report = release(
                        FlagSwitch.of(new MeddledStore(store, FlagSwitchIT::killAtOnce), KEY), context -> {})
                .run();

        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(report.reason())
                .contains("flag \"new-checkout\" was set to \"off\" by \"ada\"")
                .contains("INC-4711");
        assertThat(newest().by()).isEqualTo(ADA);
    }

    private static List<FlagRevision> killAtOnce(FlagStore store, List<FlagWrite> writes) {
        List<FlagRevision> made = store.write(writes);
        store.set(KEY, "off", ADA);
        return made;
    }

    @Test
    void killBetweenLookAndWriteIsNotWrittenOver() throws Exception {
        store.set(KEY, "off", Attribution.of("bob", "not yet"));
        FlagStore meddled = new MeddledStore(store, (real, writes) -> {
            real.set(KEY, "off", ADA);
            return real.write(writes);
        });

        ReleaseReport report =
                release(FlagSwitch.of(meddled, KEY), context -> {}).run();

        assertThat(report.reason()).contains("changed by somebody else");
        assertThat(newest().by()).isEqualTo(ADA);
    }

    @Test
    void killThatEndsByItselfIsNotSwitched() throws Exception {
        FlagRevision kill = store.set(KEY, "off", Duration.ofHours(1), ADA);

        ReleaseReport report = release(FlagSwitch.of(store, KEY), context -> {}).run();

        assertThat(report.outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);
        assertThat(report.reason()).contains("is \"off\" until").contains("as set by \"ada\"");
        assertThat(newest()).isEqualTo(kill);
    }

    /** At its end, what the release has set would be in force again. */
    @Test
    void killThatEndsByItselfAndCoversTheReleaseIsMadeToStay() throws Exception {
        Release release = release(FlagSwitch.of(store, KEY), context -> {});
        assertThat(release.run().outcome()).isEqualTo(ReleaseOutcome.DONE);
        store.set(KEY, "off", Duration.ofHours(1), ADA);

        assertThat(release.rollBack("enough").outcome()).isEqualTo(ReleaseOutcome.ROLLED_BACK);

        assertThat(newest().value()).isEqualTo("off");
        assertThat(newest().expiresAt()).isNull();
    }

    @Test
    void whatWasNotTurnedOnIsNotTurnedOff() throws Exception {
        FlagRevision before = store.set(KEY, "on", ADA);
        FlagStore unreachable = new MeddledStore(store, (real, writes) -> {
            throw new FlagStoreException("the server is out of reach", new IOException("refused"));
        });

        assertThat(undone(FlagSwitch.of(unreachable, KEY))).isEqualTo(ReleaseOutcome.ROLLED_BACK);

        assertThat(newest()).isEqualTo(before);
    }

    /** The store has done its part, and the answer is lost. */
    @Test
    void whatMayHaveBeenTurnedOnIsTurnedOff() throws Exception {
        FlagStore torn = new MeddledStore(store, (real, writes) -> {
            boolean on = "on".equals(writes.get(0).value());
            List<FlagRevision> made = real.write(writes);
            if (on) {
                throw new FlagStoreException("the answer was lost", new IOException("reset"));
            }
            return made;
        });

        assertThat(undone(FlagSwitch.of(torn, KEY))).isEqualTo(ReleaseOutcome.ROLLED_BACK);

        assertThat(value()).contains("off");
    }

    @Test
    void settingsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> FlagSwitch.of(null, KEY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FlagSwitch.of(store, " ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FlagSwitch.of(store, KEY).step("No Name"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
