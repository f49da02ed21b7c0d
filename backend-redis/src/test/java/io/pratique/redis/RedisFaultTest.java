package io.pratique.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a server that refuses: in words that Redis 6 and 7 use, in a script and outside. */
@Tag("B-3")
class RedisFaultTest {

    private static final String IN_A_SCRIPT =
            "ERR Error running script (call to f_0): @user_script:7: @user_script: 7: ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WRONGPASS invalid username-password pair or user is disabled. | PASSWORD",
                "NOAUTH Authentication required. | PASSWORD",
                "ERR Client sent AUTH, but no password is set | PASSWORD",
                "NOPERM this user has no permissions to run the 'evalsha' command | RIGHTS",
                "ERR ACL failure in script: User app has no permissions to run the 'hset' command | RIGHTS",
                "OOM command not allowed when used memory > 'maxmemory'. script: 0 on @user_script:80. | MEMORY",
                "ERR max number of clients reached | CLIENTS",
                "READONLY You can't write against a read only replica. | REPLICA",
                "LOADING Redis is loading the dataset in memory | BUSY",
                "CLUSTERDOWN The cluster is down | BUSY",
                "NOREPLICAS Not enough good replicas to write. | BUSY",
                "TORN the store was left with 1 values | TORN",
                "WRONGTYPE Operation against a key holding the wrong kind of value | FOREIGN",
                "ERR unknown command `EVALSHA` | REFUSED",
                "ERR DB index is out of range | REFUSED",
                "ERR This instance has cluster support disabled | REFUSED",
                "MOVED 7000 10.0.0.1:6379 | REFUSED",
            })
    void errorsOfTheServerAreTold(String error, RedisFault fault) {
        assertThat(RedisFault.of(new RedisCommandExecutionException(error))).isEqualTo(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-OOM command not allowed when used memory > 'maxmemory'. | MEMORY",
                "-READONLY You can't write against a read only replica. | REPLICA",
                "The user executing the script can't run this command or subcommand | RIGHTS",
                "The user executing the script can't publish to the channel mentioned in the command | RIGHTS",
                "-WRONGTYPE Operation against a key holding the wrong kind of value | FOREIGN",
                "attempt to compare nil with number | FOREIGN",
                "bad argument #1 to 'match' (string expected, got nil) | FOREIGN",
                "Unknown Redis command called from Lua script | REFUSED",
            })
    void errorsWithinAScriptAreToldInRedis6Too(String error, RedisFault fault) {
        assertThat(RedisFault.of(new RedisCommandExecutionException(IN_A_SCRIPT + error)))
                .isEqualTo(fault);
    }

    @Test
    void silenceIsToldFromAbsence() {
        assertThat(RedisFault.of(new TimeoutException())).isEqualTo(RedisFault.SILENT);
        assertThat(RedisFault.of(new RedisCommandTimeoutException("after 2 seconds")))
                .isEqualTo(RedisFault.SILENT);
        assertThat(RedisFault.of(new RedisConnectionException("no", new ConnectException("Connection refused"))))
                .isEqualTo(RedisFault.UNREACHABLE);
    }

    /** However many hosts there are, a line of a log has room for the remedy. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "WRONGPASS invalid",
                "NOPERM this user",
                "OOM command",
                "ERR max number of clients",
                "READONLY You",
                "LOADING Redis",
                "TORN history \"01234567-89ab-cdef-0123-456789abcdef\"",
                "SSL handshake",
                "WRONGTYPE Operation",
                "ERR unknown command",
            })
    @Tag("F-8")
    void remedyIsNotPushedOutOfALineOfALog(String error) {
        String subject = RedisTarget.ofCluster(
                        Collections.nCopies(10, "redis://pratique-reader:secret@redis-node.prod.internal:6379"))
                .subject();

        String line = FlagText.printable(RedisFault.describe(subject, new RedisCommandExecutionException(error)));

        assertThat(line).contains(" (" + error);
    }

    @Test
    void messageNamesServerFaultRemedyAndWhatWasThrownFirst() {
        Throwable thrown = new ExecutionException(
                new RedisConnectionException("Unable to connect", new ConnectException("Connection refused")));

        assertThat(RedisFault.describe("Redis at cache:6379", thrown))
                .hasMessage("Redis at cache:6379 cannot be reached; check that it runs, and its address"
                        + " (Connection refused)")
                .hasCause(thrown);
    }

    /** Whoever repeats a write that was made after all makes it twice. */
    @Test
    @Tag("B-4")
    void writeIsInDoubtUnlessItWasRefusedOrNeverSent() {
        assertThat(List.of(
                        new RedisCommandExecutionException("READONLY You can't write against a read only replica."),
                        new RedisException("Currently not connected. Commands are rejected."),
                        new RedisException("Connection is closed"),
                        new RedisException(
                                new RedisConnectionException("Unable to connect", new ConnectException("refused")))))
                .allSatisfy(thrown -> assertThat(RedisFault.describeWrite("Redis", thrown))
                        .hasMessage(RedisFault.describe("Redis", thrown).getMessage()));
        assertThat(List.of(
                        new RedisCommandTimeoutException("after 2 seconds"),
                        new RedisException("Connection closed"),
                        new RedisException(new IOException("Connection reset by peer")),
                        new CancellationException()))
                .allSatisfy(thrown -> assertThat(RedisFault.describeWrite("Redis", thrown))
                        .hasMessageContaining(RedisFault.MAY_BE_MADE));
    }
}
