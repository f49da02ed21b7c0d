package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("R-3")
class EvidenceTest {

    static Stream<Throwable> evidence() {
        return Stream.of(
                new ConnectException("Connection refused"),
                new NoRouteToHostException("No route to host"),
                new SocketException("Network is unreachable"),
                new PortUnreachableException("ICMP port unreachable"),
                new UnknownHostException("db.example"),
                new UnresolvedAddressException());
    }

    static Stream<Throwable> noEvidence() {
        return Stream.of(
                new NullPointerException(),
                new IllegalStateException("not configured"),
                new ClassCastException(),
                new IOException("broken pipe"),
                new EOFException(),
                new FileNotFoundException("key.pem"),
                new InterruptedException(),
                new TimeoutException("somebody's own"),
                new SocketTimeoutException("Read timed out"),
                new SocketException("Too many open files"),
                new StackOverflowError(),
                new OutOfMemoryError(),
                new NoClassDefFoundError("org/postgresql/Driver"),
                new SQLException("no state"),
                new SQLException("no state", (String) null),
                new SQLException("empty", ""));
    }

    @ParameterizedTest
    @MethodSource("evidence")
    void refusedUnreachableAndUnknownAreEvidence(Throwable thrown) {
        assertThat(Evidence.isIn(thrown)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("noEvidence")
    void faultsOfTheCheckItselfAreNone(Throwable thrown) {
        assertThat(Evidence.isIn(thrown)).isFalse();
        assertThat(Evidence.isIn(new RuntimeException(thrown))).isFalse();
    }

    @Test
    void aRealRefusalIsEvidence() throws IOException {
        int port;
        try (ServerSocket closedAtOnce = new ServerSocket(0)) {
            port = closedAtOnce.getLocalPort();
        }
        Throwable refused = null;
        try (Socket socket = new Socket("localhost", port)) {
            assertThat(socket).as("nobody should listen there").isNull();
        } catch (IOException e) {
            refused = e;
        }

        assertThat(refused).isNotNull();
        assertThat(Evidence.isIn(refused)).isTrue();
    }

    @Nested
    class SqlStates {

        @ParameterizedTest
        @ValueSource(strings = {"08000", "08001", "08003", "08004", "08006", "08S01", "57P01", "57P02", "57P03"})
        void ofConnectionsAndOfAServerThatShutsDownAreEvidence(String state) {
            assertThat(Evidence.isIn(new SQLException("x", state))).isTrue();
            assertThat(Evidence.isIn(new SQLTransientConnectionException("x", state)))
                    .isTrue();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"23505", "42P01", "42601", "40001", "25P02", "53300", "57014", "28P01", "00000", "0", "57"})
        void ofBusinessAndOfPrivilegesAreNone(String state) {
            assertThat(Evidence.isIn(new SQLException("x", state))).isFalse();
        }
    }

    @Nested
    class AlongTheCauses {

        @ParameterizedTest
        @MethodSource("io.pratique.readiness.EvidenceTest#evidence")
        void itIsFoundAtAnyPlace(Throwable evidence) {
            Throwable wrapped = new RuntimeException(new ExecutionException(new SQLException("x", "99999", evidence)));

            assertThat(Evidence.isIn(wrapped)).isTrue();
        }

        @Test
        void aChainOfBusinessFailuresHasNone() {
            assertThat(Evidence.isIn(new RuntimeException(new SQLException("duplicate", "23505"))))
                    .isFalse();
        }

        @Test
        @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
        void aCircleIsWalkedOnce() {
            Exception first = new Exception("first");
            Exception second = new Exception("second", first);
            first.initCause(second);

            assertThat(Evidence.isIn(first)).isFalse();
        }

        @Test
        void aCircleWithEvidenceHasIt() {
            Exception first = new Exception("first");
            first.initCause(new Exception("second", new ConnectException().initCause(first)));

            assertThat(Evidence.isIn(first)).isTrue();
        }

        @Test
        void anExceptionThatCannotBeReadHasNone() {
            Throwable unreadable = new Exception() {
                @Override
                public synchronized Throwable getCause() {
                    throw new IllegalStateException("lazily broken");
                }
            };

            assertThat(Evidence.isIn(unreadable)).isFalse();
        }

        @Test
        void nothingHasNone() {
            assertThat(Evidence.isIn(null)).isFalse();
        }
    }
}
