package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Level;
import io.pratique.flags.spi.FlagSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The installed client. What happens where none was installed is in {@link FlagsIT}: a process sees that only once. */
@Tag("F-1")
@ResourceLock("io.pratique.flags.Flags")
class FlagsTest {

    private final List<FlagClient> built = new ArrayList<>();

    /** Whatever an earlier test left is closed by now, or discovered; either may be replaced. */
    @BeforeEach
    void start() {
        Flags.install(client("start", "off"));
        Flags.client().close();
    }

    @AfterEach
    void close() {
        built.forEach(FlagClient::close);
    }

    private FlagClient client(String key, String value) {
        FlagClient client = FlagClient.builder()
                .source(() -> FlagSet.of(Map.of(key, value)))
                .declare(Flag.of("beta").defaultOff())
                .build();
        built.add(client);
        return client;
    }

    @Test
    void answersAsTheInstalledClientDoes() {
        FlagClient client = client("mail", "off");

        Flags.install(client);

        assertThat(Flags.client()).isSameAs(client);
        assertThat(Flags.isEnabled("mail")).isFalse();
        assertThat(Flags.isEnabled("mail", true)).isFalse();
        assertThat(Flags.isEnabled(Flag.of("mail"))).isFalse();
        assertThat(Flags.isEnabled("absent")).isTrue();
        assertThat(Flags.isEnabled("absent", false)).isFalse();
        assertThat(Flags.isEnabled(Flag.of("absent").defaultOff())).isFalse();
        assertThat(Flags.isEnabled("beta")).isFalse();
        assertThat(Flags.isEnabled((String) null)).isTrue();
        assertThat(Flags.isEnabled("k".repeat(10_000))).isTrue();
    }

    @Test
    void refusesAClientBesideALiveOne() {
        FlagClient first = client("mail", "off");
        FlagClient second = client("mail", "on");
        Flags.install(first);

        assertThatIllegalStateException()
                .isThrownBy(() -> Flags.install(second))
                .withMessageContaining("another flag client is installed and alive");

        assertThat(Flags.client()).isSameAs(first);
        assertThat(first.isClosed()).isFalse();
        assertThat(second.isClosed()).isFalse();
    }

    @Test
    void takesTheSameClientAgain() {
        FlagClient client = client("mail", "off");
        Flags.install(client);

        assertThatCode(() -> Flags.install(client)).doesNotThrowAnyException();

        assertThat(Flags.client()).isSameAs(client);
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void takesAClientInPlaceOfAClosedOneSilently() {
        FlagClient first = client("mail", "off");
        Flags.install(first);
        first.close();

        try (CapturedLog log = CapturedLog.of(Flags.class)) {
            Flags.install(client("mail", "on"));

            assertThat(log.events(Level.WARN)).isEmpty();
        }
        assertThat(Flags.isEnabled("mail")).isTrue();
    }

    @Test
    void answersFromTheLastValuesOfAClosedClient() {
        FlagClient client = client("mail", "off");
        Flags.install(client);

        client.close();

        assertThat(Flags.isEnabled("mail")).isFalse();
        assertThat(Flags.client()).isSameAs(client);
    }

    @Test
    void refusesNull() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Flags.install(null))
                .withMessageContaining("must not be null");
    }
}
