package io.pratique.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a user's URI before anything is connected to. */
@Tag("B-3")
@Tag("F-8")
class RedisTargetTest {

    @Nested
    class Subject {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "redis://localhost | Redis at localhost:6379",
                    "redis://localhost:7000/3 | Redis at localhost:7000, database 3",
                    "redis://app:s3cret@cache:7000 | Redis at cache:7000, user \"app\"",
                    "redis://s3cret@cache | Redis at cache:6379",
                    "redis://:s3cret@cache | Redis at cache:6379",
                    "redis://redis_cache | Redis at redis_cache:6379",
                    "redis://[::1]:7000 | Redis at [::1]:7000",
                    "rediss://app:s3cret@cache | Redis at cache:6379, user \"app\"",
                    "redis-sentinel://:s3cret@one,two:7000#main"
                            + " | Redis at one:26379, two:7000 (Sentinel), master \"main\"",
                })
        void namesServerAndUserAndNoPassword(String uri, String subject) {
            assertThat(RedisTarget.of(uri).subject()).isEqualTo(subject);
            assertThat(RedisFlagSource.connect(uri))
                    .hasToString("RedisFlagSource[redis, " + subject + ", namespace pratique]");
        }

        @Test
        void namesTheNodesOfACluster() {
            assertThat(RedisTarget.ofCluster(List.of("redis://app:s3cret@one", "redis://two"))
                            .subject())
                    .isEqualTo("Redis Cluster at one:6379, user \"app\", two:6379");
        }
    }

    @Nested
    class MalformedUri {

        @ParameterizedTest
        @NullSource
        @ValueSource(
                strings = {
                    "",
                    "localhost",
                    "http://s3cret@localhost",
                    "redis://",
                    "redis://user:s3cret",
                    "redis://user:s3cret@",
                    "redis://user:s3cr et@localhost",
                    "redis://user:s3cret%zz@localhost",
                    "redis://user:s3cret@localhost:port",
                    "redis://user:2024#s3cret@localhost",
                    "redis://user:2024/s3cret@localhost",
                    "redis://user:2024?s3cret@localhost",
                    "user:s3cret@localhost",
                    "redis-sentinel://:s3cret@#main",
                    "redis://redis_cache:7000",
                })
        void isRefusedWithoutItsPassword(String uri) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedisFlagSource.connect(uri))
                    .withMessageStartingWith("URI of Redis must be")
                    .withMessageNotContainingAny("s3cr", "cret", "2024")
                    .withNoCause();
        }

        @Test
        void clusterNeedsHosts() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedisFlagStore.connectCluster(List.of()))
                    .withMessageContaining("must be given, but are \"[]\"");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedisFlagStore.connectCluster(null))
                    .withMessageContaining("must be given, but are \"null\"");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedisFlagStore.connectCluster(List.of("redis-sentinel://:s3cret@one#main")))
                    .withMessageContaining("must name a host")
                    .withMessageNotContaining("s3cret");
        }
    }

    @Nested
    class ApplicationsClientOfACluster {

        private void over(ClientOptions options) {
            RedisClusterClient client = RedisClusterClient.create("redis://localhost");
            try {
                client.setOptions(ClusterClientOptions.builder(options).build());
                RedisFlagSource.over(client).close();
            } finally {
                client.shutdown();
            }
        }

        @Test
        void isTakenUnlessItRejectsCommandsWhileItConnects() {
            over(ClientOptions.create());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> over(ClientOptions.builder()
                            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                            .build()))
                    .withMessageContaining("disconnectedBehavior is \"REJECT_COMMANDS\"; set ACCEPT_COMMANDS");
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            over(ClientOptions.builder().autoReconnect(false).build()))
                    .withMessageContaining("disconnectedBehavior is \"DEFAULT\"");
        }
    }
}
