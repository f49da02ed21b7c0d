package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("P-1")
@Tag("P-4")
class ArgumentsTest {

    @Nested
    class Refused {

        @ParameterizedTest
        @NullSource
        @ValueSource(
                strings = {"PT0S", "PT-1S", "PT0.0005S", "PT1H0.001S", "PT2562047788015215H", "PT-2562047788015215H"})
        void isATimeoutOutOfRange(Duration timeout) {
            assertThatThrownBy(() -> Timeouts.require("TcpProbe", timeout))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("The timeout of a TcpProbe must be between a millisecond and an hour, but is \""
                            + timeout + "\"; leave it out for PT1.5S");
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", "a b", "a\"b", "a;drop table x", "1a", "ä"})
        void isWhatIsNoIdentifier(String name) {
            assertThatThrownBy(() -> Arguments.identifier("The schema of a MigrationProbe", name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("The schema of a MigrationProbe must be an identifier");
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"/path", "ftp://host/", "mailto:ada@host", "http:///path", "http://under_score/"})
        void isAnAddressThatIsNoneOfHttp(URI uri) {
            assertThatThrownBy(() -> Arguments.http("The address of an HttpProbe", uri))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("The address of an HttpProbe must be", "https://host/path");
        }

        @ParameterizedTest
        @ValueSource(strings = {"http://host:0/", "http://host:65536/", "https://[::1]:99999"})
        void isAPortThatNobodyHas(URI uri) {
            assertThatThrownBy(() -> Arguments.http("The address of an HttpProbe", uri))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("must have a port from 1 to 65535", "\"" + uri + "\"");
        }

        @Test
        void isAnAddressWithAPasswordWhichIsNotShown() {
            assertThatThrownBy(() -> Arguments.http(
                            "The address of an HttpProbe",
                            URI.create("https://ada:geheim@host:8443/p?token=geheim#geheim")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"https://host:8443/p\"")
                    .hasMessageNotContaining("geheim");
        }

        @Test
        void isANumberOutOfRangeAndANameThatIsBlank() {
            assertThatThrownBy(() -> Arguments.within("The port of a TcpProbe", 65_536, 1, 65_535))
                    .hasMessage(
                            "The port of a TcpProbe must be between 1 and 65535, but is \"65536\"; give a number in that"
                                    + " range");
            assertThatThrownBy(() -> Arguments.positive("The free space of a DirectoryProbe", 0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Arguments.notBlank("The host of a TcpProbe", " "))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Arguments.required("The directory of a DirectoryProbe", null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Taken {

        @Test
        void areTheEndsOfTheRanges() {
            assertThatCode(() -> {
                        Timeouts.require("TcpProbe", Duration.ofMillis(1));
                        Timeouts.require("TcpProbe", Duration.ofHours(1));
                        Arguments.within("port", 1, 1, 65_535);
                        Arguments.within("port", 65_535, 1, 65_535);
                        Arguments.identifier("schema", "_prisma_1");
                        Arguments.http("address", URI.create("HTTPS://host"));
                        Arguments.http("address", URI.create("http://host:65535"));
                    })
                    .doesNotThrowAnyException();
        }

        @Test
        void isATimeoutThatStrikesBeforeTheGateDoes() {
            assertThat(Timeouts.settings(Timeouts.DEFAULT).timeout())
                    .isEqualTo(Duration.ofSeconds(2))
                    .isGreaterThan(Timeouts.DEFAULT);
        }
    }
}
