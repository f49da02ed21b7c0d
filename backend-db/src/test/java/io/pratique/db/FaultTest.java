package io.pratique.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is said of a fault is what the guide explains, word for word. */
@Tag("B-2")
class FaultTest {

    private static final List<String> STATES =
            List.of("08001", "08007", "28P01", "42P01", "42501", "42703", "42601", "3D000", "55P03", "25006", "53300");

    @Test
    void remediesAreThoseOfTheGuide() {
        String said = Stream.concat(
                        STATES.stream().map(state -> new SQLException("fault", state)),
                        Stream.of(
                                Fault.torn("an-epoch", "flags to change 1"),
                                new SQLTransientConnectionException("no connection")))
                .map(fault -> Fault.of("server", fault).getMessage())
                .collect(Collectors.joining("\n"));

        assertThat(Guide.remedies())
                .hasSizeGreaterThan(10)
                .allSatisfy(remedy -> assertThat(said).contains("; " + remedy));
    }
}
