package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("F-12")
class StaleFlagsTest {

    private static final LocalDate LAST_DAY = LocalDate.of(2026, 11, 30);

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-11-01T10:00:00Z"));
    private final SettableSource upper = new SettableSource("upper");
    private final SettableSource lower = new SettableSource("lower");
    private FlagClient flags;

    private void build(Flag... declared) {
        flags = FlagClient.builder()
                .source(upper)
                .source(lower)
                .declare(declared)
                .clock(clock::get)
                .build();
    }

    @AfterEach
    void close() {
        flags.close();
    }

    @Test
    void namesAFlagFromTheDayAfterItsLast() {
        Flag mail = Flag.of("mail").expires(LAST_DAY).owner("payments");
        build(mail);

        assertThat(flags.staleFlags()).isEmpty();
        clock.set(Instant.parse("2026-11-30T23:59:59.999Z"));
        assertThat(flags.staleFlags()).isEmpty();
        clock.set(Instant.parse("2026-12-01T00:00:00Z"));
        assertThat(flags.staleFlags()).containsExactly(new StaleFlag("mail", StaleFlag.Cause.EXPIRED, mail, List.of()));
    }

    @Test
    void saysWhichSourcesStillHaveAnExpiredFlag() {
        Flag mail = Flag.of("mail").expires(LocalDate.of(2026, 10, 31));
        upper.says("mail", "on");
        lower.says("mail", "off");
        build(mail);

        assertThat(flags.staleFlags())
                .containsExactly(new StaleFlag("mail", StaleFlag.Cause.EXPIRED, mail, List.of("upper", "lower")));
    }

    @Test
    void namesAFlagThatASourceHasAndNobodyDeclared() {
        lower.says("mial", "off");
        build(Flag.of("mail"));

        assertThat(flags.staleFlags())
                .containsExactly(new StaleFlag("mial", StaleFlag.Cause.UNDECLARED, null, List.of("lower")));
    }

    @Test
    void namesAnUndeclaredFlagWhoseValueCannotBeReadToo() {
        upper.says("mial", "garbage");
        build(Flag.of("mail"));

        assertThat(flags.staleFlags())
                .containsExactly(new StaleFlag("mial", StaleFlag.Cause.UNDECLARED, null, List.of("upper")));
    }

    @Test
    void doesNotNameWhatIsDeclaredAndMayStay() {
        upper.says("mail", "on");
        build(
                Flag.of("mail"),
                Flag.of("beta").expires(LAST_DAY),
                Flag.of("eternal").expires(LocalDate.MAX));

        assertThat(flags.staleFlags()).isEmpty();
    }

    @Test
    void doesNotNameWhatWasOnlyAskedFor() {
        build(Flag.of("mail"));

        assertThat(flags.isEnabled("mial")).isTrue();

        assertThat(flags.staleFlags()).isEmpty();
    }

    @Test
    void doesNotCallFlagsUndeclaredWhereNobodyDeclaresAny() {
        upper.says("mail", "on");
        build();

        assertThat(flags.staleFlags()).isEmpty();
    }

    @Test
    void followsTheSources() throws Exception {
        build(Flag.of("mail"));

        upper.says("mial", "off");
        SettableSource.refresh(flags);
        assertThat(flags.staleFlags()).extracting(StaleFlag::key).containsExactly("mial");

        upper.down(true);
        SettableSource.refresh(flags);
        assertThat(flags.staleFlags()).extracting(StaleFlag::key).containsExactly("mial");

        upper.down(false).lacks("mial");
        SettableSource.refresh(flags);
        assertThat(flags.staleFlags()).isEmpty();
    }

    @Test
    void isSortedByKeyAndCannotBeChanged() {
        upper.says("c", "on").says("a", "on");
        lower.says("b", "on");
        build(Flag.of("d").expires(LocalDate.MIN), Flag.of("mail"));

        List<StaleFlag> stale = flags.staleFlags();

        assertThat(stale).extracting(StaleFlag::key).containsExactly("a", "b", "c", "d");
        assertThatThrownBy(stale::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void worksInStrictMode() {
        upper.says("mial", "off");
        flags = FlagClient.builder()
                .source(upper)
                .declare(Flag.of("mail"))
                .strict()
                .build();

        assertThat(flags.staleFlags()).extracting(StaleFlag::key).containsExactly("mial");
    }
}
