package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagStoreException;
import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.FlagWrite;
import io.pratique.flags.spi.LostHistoryException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables that were emptied, or brought back from an older dump, without the others: what was killed stays killed. */
@Tag("B-7")
abstract class TornTables {

    private static final String KILLED = "outbox-processing";
    private static final String OTHER = "cleanup";
    private static final Attribution ADA = Attribution.of("ada", "INC-4711");
    private static final Attribution BOB = Attribution.of("bob", "INC-4712: a table was restored");

    private static final String FLAGS = "pratique_flag";
    private static final String HISTORY = "pratique_flag_history";
    private static final String STORE = "pratique_flag_store";

    private JdbcFlagStore store;
    private FlagTables tables;

    /** What was seen before the kill. */
    private FlagSet before;

    /** What was seen after it. */
    private FlagSet seen;

    private String epoch;

    abstract JdbcFlagStore openStore() throws SQLException;

    abstract FlagTables openTables();

    @BeforeEach
    void write() throws SQLException {
        store = openStore();
        tables = openTables();
        store.set(OTHER, "off", Duration.ofHours(1), ADA);
        store.set(KILLED, "on", ADA);
        before = store.load();
        epoch = Objects.requireNonNull(before.historyMark()).epoch();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private void killAndLose(String... names) throws SQLException {
        FlagTables.Copy dump = tables.backUp(List.of(names));
        store.write(List.of(FlagWrite.set("voice-retry", "off", ADA), FlagWrite.set(KILLED, "off", ADA)));
        seen = store.load();
        dump.restore();
    }

    /** A line of a log says which table lags, and what to accept. */
    private void assertTorn(ThrowingCallable call, String part) {
        assertThatThrownBy(call)
                .isInstanceOf(FlagStoreException.class)
                .satisfies(thrown -> assertThat(FlagText.printable(thrown))
                        .contains(part, "history \"" + epoch + "\" is torn", "accept the loss of that history"));
    }

    /** Neither a fresh application, nor one that was away; and one that has seen the kill keeps to it. */
    private void assertNobodyIsDeceived(String part) throws Exception {
        assertTorn(store::load, part);
        assertTorn(() -> store.reload(before), part);
        assertThat(value(store.reload(seen), KILLED)).isEqualTo("off");
    }

    private static String value(FlagSet set, String key) {
        return set.entries().get(key).value();
    }

    /** Whoever has seen it is told of each change to it, and it cannot be torn again unnoticed. */
    private void assertWhole() throws Exception {
        FlagSet now = store.load();
        assertThat(store.reload(now)).isSameAs(now);
        long version = store.set("webhooks", "off", ADA).version();
        FlagSet after = store.reload(now);
        assertThat(after.entries()).hasSize(now.entries().size() + 1);
        assertThat(after.historyMark().sequence()).isEqualTo(version).isGreaterThan(4);
        assertThat(store.compareAndSet("webhooks", version, "on", ADA)).isPresent();
        tables.execute(List.of(tables.qualified("DELETE FROM %s", FLAGS)));
        epoch = after.historyMark().epoch();
        assertNobodyIsDeceived(after);
    }

    private void assertNobodyIsDeceived(FlagSet away) {
        assertTorn(store::load, "flags to change 0");
        assertTorn(() -> store.reload(away), "flags to change 0");
    }

    @Nested
    class FlagsAreOlder {

        @BeforeEach
        void lose() throws SQLException {
            killAndLose(FLAGS);
        }

        @Test
        void nobodyIsDeceived() throws Exception {
            assertNobodyIsDeceived("flags to change 2, history to 4, store at 4");
        }

        @Test
        void nothingIsBuiltUponWhatIsLeft() {
            assertTorn(() -> store.compareAndSet(KILLED, 2, "on", ADA), "set for good");
            assertTorn(() -> store.set(KILLED, "off", Duration.ofHours(2), ADA), "set for good");
            assertThat(store.history(KILLED, 10)).hasSize(2);
        }

        @Test
        void writingSomeFlagsAgainDeceivesNobodyEither() throws Exception {
            store.set("voice-retry", "on", ADA);

            assertThatThrownBy(() -> store.reload(before)).isInstanceOf(LostHistoryException.class);
            assertThatThrownBy(() -> store.reload(seen)).isInstanceOf(LostHistoryException.class);
            store.accept(epoch, BOB);
            assertThat(value(store.reload(seen), KILLED)).isEqualTo("on");
            assertWhole();
        }

        @Test
        void writingEachFlagAgainMakesThemWhole() throws Exception {
            store.write(List.of(
                    FlagWrite.set(KILLED, "off", ADA),
                    FlagWrite.set("voice-retry", "off", ADA),
                    FlagWrite.set(OTHER, "on", ADA)));

            FlagSet now = store.reload(seen);
            assertThat(value(now, KILLED)).isEqualTo("off");
            assertThat(now.historyMark().epoch()).isNotEqualTo(epoch);
            assertWhole();
        }

        @Test
        void acceptingThemHasThemBelieved() throws Exception {
            store.accept(epoch, BOB);

            FlagSet now = store.reload(seen);
            assertThat(value(now, KILLED)).isEqualTo("on");
            assertThat(now.historyMark().epoch()).isNotEqualTo(epoch);
            store.accept(epoch, BOB);
            assertThat(store.reload(now)).isSameAs(now);
            FlagRevision other = store.set(OTHER, "on", Duration.ofHours(1), ADA);
            assertThat(other.version()).isEqualTo(5);
            assertThat(store.reload(now).entries()).hasSize(2);
            assertWhole();
        }

        @Test
        void acceptingAnotherHistoryLeavesReadersOfThisOneWhereTheyAre() throws Exception {
            store.accept("another-epoch", BOB);

            assertThatThrownBy(() -> store.reload(seen)).isInstanceOf(LostHistoryException.class);
            assertThatThrownBy(() -> store.reload(before)).isInstanceOf(LostHistoryException.class);
            assertWhole();
        }
    }

    @Nested
    class FlagsAreGone {

        @BeforeEach
        void lose() throws SQLException {
            killAndLose();
            tables.execute(List.of(tables.qualified("DELETE FROM %s", FLAGS)));
        }

        @Test
        void nobodyIsDeceived() throws Exception {
            assertNobodyIsDeceived("flags to change 0, history to 4, store at 4");
        }

        @Test
        void acceptingThatHasItBelieved() throws Exception {
            store.accept(epoch, BOB);

            assertThat(store.reload(seen).entries()).isEmpty();
            assertWhole();
        }
    }

    @Nested
    class FlagsAndHistoryAreOlder {

        @BeforeEach
        void lose() throws SQLException {
            killAndLose(FLAGS, HISTORY);
        }

        @Test
        void nobodyIsDeceived() {
            assertTorn(store::load, "flags to change 2, history to 2, store at 4");
            assertTorn(() -> store.reload(before), "store at 4");
            assertTorn(() -> store.reload(seen), "store at 4");
        }

        @Test
        void acceptingThemHasThemBelievedAndUsesNoNumberAgain() throws Exception {
            store.accept(epoch, BOB);

            assertThat(value(store.reload(seen), KILLED)).isEqualTo("on");
            assertThat(store.set(KILLED, "off", ADA).version()).isEqualTo(5);
            assertWhole();
        }
    }

    @Nested
    class FlagsAndStoreAreOlder {

        @BeforeEach
        void lose() throws SQLException {
            killAndLose(FLAGS, STORE);
        }

        @Test
        void nobodyIsDeceivedWhoHasSeenMore() throws Exception {
            assertTorn(store::load, "flags to change 2, history to 4, store at 2");
            assertTorn(() -> store.reload(seen), "store at 2");
            assertThat(store.reload(before)).isSameAs(before);
        }

        @Test
        void writingGoesOnAfterTheLastChange() throws Exception {
            assertThat(store.set(KILLED, "off", ADA).version()).isEqualTo(5);

            assertThatThrownBy(() -> store.reload(seen)).isInstanceOf(LostHistoryException.class);
            store.accept(epoch, BOB);
            assertThat(value(store.reload(seen), KILLED)).isEqualTo("off");
            assertWhole();
        }
    }

    @Nested
    class StoreIsOlder {

        @BeforeEach
        void lose() throws SQLException {
            killAndLose(STORE);
        }

        @Test
        void acceptingThatBringsItUpToTheOthers() throws Exception {
            assertTorn(store::load, "flags to change 4, history to 4, store at 2");

            store.accept(epoch, BOB);

            assertThat(value(store.reload(before), KILLED)).isEqualTo("off");
            assertThat(store.set(KILLED, "on", ADA).version()).isEqualTo(5);
            assertWhole();
        }
    }

    /** The flags are all there: whoever has seen nothing may believe them. */
    @Nested
    class HistoryIsOlder {

        @Test
        void flagsAreBelievedButTheLastChangeIsNotKnown() throws Exception {
            killAndLose(HISTORY);

            assertThat(value(store.load(), KILLED)).isEqualTo("off");
            assertThat(value(store.reload(before), KILLED)).isEqualTo("off");
            assertThatThrownBy(() -> store.reload(seen)).isInstanceOf(LostHistoryException.class);
            assertThat(store.set(KILLED, "on", ADA).version()).isEqualTo(5);
            store.accept(epoch, BOB);
            assertThat(value(store.reload(seen), KILLED)).isEqualTo("on");
            assertWhole();
        }
    }

    /** As by a dump of the flags alone that is brought into tables made anew. */
    @Nested
    class StoreIsNew {

        @Test
        void acceptingThatHasTheFlagsBelieved() throws Exception {
            tables.execute(List.of(
                    tables.qualified("DELETE FROM %s", HISTORY),
                    tables.qualified("UPDATE %s SET epoch = NULL, sequence = 0", STORE)));
            assertThatThrownBy(store::load).hasMessageContaining("history \"unknown\" is torn");

            store.accept("unknown", BOB);

            assertThat(value(store.load(), KILLED)).isEqualTo("on");
            assertThatThrownBy(() -> store.reload(before)).isInstanceOf(LostHistoryException.class);
            assertThat(store.set(KILLED, "off", ADA).version()).isEqualTo(3);
            store.set("voice-retry", "off", ADA);
            store.set("voice-retry", "off", ADA);
            assertWhole();
        }
    }
}
