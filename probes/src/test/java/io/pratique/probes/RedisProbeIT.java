package io.pratique.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against real servers, which are killed, made to hang, and made to refuse. */
@Tag("P-4")
class RedisProbeIT {

    private static final Duration PATIENT = Duration.ofSeconds(8);
    private static final Duration IMPATIENT = Duration.ofMillis(600);
    private static final String CANARY = "canary-of-redis";

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    private static <T extends AutoCloseable> T opened(T resource) {
        OPEN.push(resource);
        return resource;
    }

    private static RedisServer server(String... options) throws Exception {
        return opened(RedisServer.start(options));
    }

    private static RedisProbe probe(String uri) {
        return opened(RedisProbe.of(opened(RedisClient.create(uri))).timeout(PATIENT));
    }

    /** What it takes to have a server answer so, given that server. */
    @FunctionalInterface
    interface Deed {

        void on(RedisServer server) throws Exception;
    }

    private static AnswerTable.Case row(String answer, Outcome outcome, Deed deed, String... options) {
        return new AnswerTable.Case("RedisProbe", answer, outcome, () -> {
            RedisServer server = server(options);
            deed.on(server);
            return probe(server.uri());
        });
    }

    static Stream<AnswerTable.Case> answers() {
        return Stream.of(
                row("`PONG`", Outcome.UP, server -> {}),
                row("connection refused, no such host", Outcome.DOWN, RedisServer::kill),
                new AnswerTable.Case("RedisProbe", "no connection or no answer in time", Outcome.DOWN, () -> {
                    RedisServer server = server();
                    server.hang();
                    return opened(probe(server.uri()).timeout(IMPATIENT));
                }),
                row("`LOADING`: it reads its data", Outcome.DOWN, RedisProbeIT::loading, "--rdbcompression", "no"),
                row(
                        "`BUSY`: a script runs for too long",
                        Outcome.SATURATED,
                        RedisProbeIT::busy,
                        "--lua-time-limit",
                        "1"),
                new AnswerTable.Case("RedisProbe", "no more clients are taken", Outcome.SATURATED, () -> {
                    RedisServer server = server();
                    server.ask("CONFIG SET maxclients 1");
                    // Whoever set it may not have gone yet.
                    await().until(() ->
                            opened(server.send("PING")).getInputStream().read() == '+');
                    return untilTold(probe(server.uri()));
                }),
                row(
                        "`NOAUTH`, `WRONGPASS`: user or password not accepted",
                        Outcome.DOWN,
                        server -> {},
                        "--requirepass",
                        CANARY),
                row(
                        "`NOPERM`: `PING` is not allowed to this user",
                        Outcome.BROKEN,
                        server -> server.ask("ACL SETUSER default -ping")));
    }

    /** Redis says why and closes the connection: of whoever is writing just then, Lettuce reads only that it is closed. */
    private static Probe untilTold(Probe probe) {
        return () -> {
            await().pollInterval(Duration.ofMillis(1)).until(() -> outcome(probe) == Outcome.SATURATED);
            return ProbeResult.saturated("told");
        };
    }

    /** Loads for as long as the test needs: it looks for requests after each 2 MiB, so after two keys. */
    private static void loading(RedisServer server) throws Exception {
        server.ask("EVAL \"for i=1,30 do redis.call('SET', i, string.rep('x', 1048576)) end\" 0");
        assertThat(server.ask("SAVE")).isEqualTo("+OK");
        server.kill();
        server.startAgain("--key-load-delay", "500000");
        assertThat(server.ask("PING")).startsWith("-LOADING");
    }

    private static void busy(RedisServer server) throws Exception {
        opened(server.send("EVAL \"while true do end\" 0"));
        await().until(() -> server.ask("PING").startsWith("-BUSY"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answerIsTakenFor(AnswerTable.Case answer) throws Exception {
        assertThat(answer.verify().toString()).doesNotContain(CANARY);
    }

    @Test
    void guideShowsTheSame() {
        AnswerTable.assertShown("RedisProbe", answers().toList());
    }

    private static Outcome outcome(Probe probe) {
        try {
            return probe.check().outcome();
        } catch (Exception thrown) {
            ProbeResult said = probe.classify(thrown);
            return said == null ? Outcome.BROKEN : said.outcome();
        }
    }

    @Nested
    class OneServer {

        @Test
        void thatIsKilledAndStartedAgainIsAskedThroughANewConnection() throws Exception {
            RedisServer server = server();
            RedisProbe probe = opened(probe(server.uri()).timeout(IMPATIENT));
            await().until(() -> outcome(probe) == Outcome.UP);

            server.kill();
            assertThat(outcome(probe)).isEqualTo(Outcome.DOWN);
            server.startAgain();

            await().until(() -> outcome(probe) == Outcome.UP);
        }

        @Test
        void isAskedThroughANewConnectionEvenIfTheClientRevivesNone() throws Exception {
            RedisServer server = server();
            RedisClient client = opened(RedisClient.create(server.uri()));
            client.setOptions(ClientOptions.builder().autoReconnect(false).build());
            RedisProbe probe = opened(RedisProbe.of(client).timeout(Duration.ofSeconds(2)));
            await().until(() -> outcome(probe) == Outcome.UP);

            server.kill();
            assertThat(outcome(probe)).isEqualTo(Outcome.DOWN);
            server.startAgain();

            await().until(() -> outcome(probe) == Outcome.UP);
        }

        @Test
        void thatHangsAndGoesOnIsAskedThroughANewConnection() throws Exception {
            RedisServer server = server();
            RedisProbe probe = opened(probe(server.uri()).timeout(IMPATIENT));
            await().until(() -> outcome(probe) == Outcome.UP);

            server.hang();
            assertThat(outcome(probe)).isEqualTo(Outcome.DOWN);
            server.goOn();

            await().until(() -> outcome(probe) == Outcome.UP);
        }

        @Test
        void hasOneConnectionHoweverOftenItIsAskedAndNoneAfterwards() throws Exception {
            RedisServer server = server();
            RedisProbe probe = probe(server.uri());

            for (int i = 0; i < 20; i++) {
                assertThat(probe.check().outcome()).isEqualTo(Outcome.UP);
            }
            assertThat(server.says("INFO clients", "connected_clients:2")).isTrue();

            probe.close();
            await().until(() -> server.says("INFO clients", "connected_clients:1"));
            assertThatThrownBy(probe::check)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }

        @Test
        void isUpAgainAfterAnErrorAndHasStillOneConnection() throws Exception {
            RedisServer server = server("--lua-time-limit", "1");
            RedisProbe probe = probe(server.uri());
            assertThat(outcome(probe)).isEqualTo(Outcome.UP);

            busy(server);
            assertThat(outcome(probe)).isEqualTo(Outcome.SATURATED);
            assertThat(server.ask("SCRIPT KILL")).isEqualTo("+OK");

            await().until(() -> outcome(probe) == Outcome.UP);
            // The probe, the one who was busy, and who asks.
            await().until(() -> server.says("INFO clients", "connected_clients:3"));
        }
    }

    @Test
    void nextMasterIsAskedAfterAFailover() throws Exception {
        RedisServer master = server();
        RedisServer replica = server("--replicaof", "127.0.0.1", Integer.toString(master.port()));
        await().until(() -> replica.says("INFO replication", "master_link_status:up"));
        RedisServer sentinel = opened(RedisServer.startSentinel(master));
        await().until(() -> sentinel.says("SENTINEL REPLICAS main", "*1"));
        RedisProbe probe = opened(
                probe("redis-sentinel://127.0.0.1:" + sentinel.port() + "#main").timeout(Duration.ofSeconds(2)));
        await().until(() -> outcome(probe) == Outcome.UP);

        master.kill();

        await().until(() -> replica.says("INFO replication", "role:master"));
        await().until(() -> outcome(probe) == Outcome.UP);
    }

    @Nested
    class Cluster {

        private static final int SLOTS = 16_384;

        private RedisServer first;
        private RedisServer second;

        private RedisProbe start() throws Exception {
            first = node(0);
            second = node(1);
            first.ask("CLUSTER MEET 127.0.0.1 " + second.port());
            await().until(() ->
                    first.says("CLUSTER INFO", "cluster_state:ok") && second.says("CLUSTER INFO", "cluster_state:ok"));
            RedisClusterClient client = opened(RedisClusterClient.create(first.uri()));
            return opened(RedisProbe.of(client).timeout(Duration.ofSeconds(2)));
        }

        private RedisServer node(int half) throws Exception {
            RedisServer node = server(
                    "--cluster-enabled",
                    "yes",
                    "--cluster-node-timeout",
                    "1000",
                    "--cluster-require-full-coverage",
                    "no");
            String slots = IntStream.range(half * SLOTS / 2, (half + 1) * SLOTS / 2)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(" "));
            assertThat(node.ask("CLUSTER ADDSLOTS " + slots)).isEqualTo("+OK");
            return node;
        }

        @Test
        void isDownWhileAnyMasterDoesNotAnswer() throws Exception {
            RedisProbe probe = start();
            await().until(() -> outcome(probe) == Outcome.UP);

            second.hang();
            assertThat(outcome(probe)).isEqualTo(Outcome.DOWN);
            second.goOn();

            await().until(() -> outcome(probe) == Outcome.UP);
        }

        @Test
        void isUpAgainOnceAKilledMasterIsBack() throws Exception {
            RedisProbe probe = start();
            await().until(() -> outcome(probe) == Outcome.UP);

            second.kill();
            assertThat(outcome(probe)).isEqualTo(Outcome.DOWN);
            second.startAgain();

            await().atMost(Duration.ofSeconds(20)).until(() -> outcome(probe) == Outcome.UP);
        }
    }

    /** What an application reports when a call of its own has failed. */
    @Nested
    @Tag("R-7")
    class RealCall {

        private ProbeResult of(RedisServer server, Function<RedisClient, ?> call) {
            RedisClient client = opened(RedisClient.create(server.uri()));
            return opened(RedisProbe.of(client)).classify(catchThrowable(() -> call.apply(client)));
        }

        @Test
        void thatFindsAnotherTypeTakesARedisThatWorks() throws Exception {
            RedisServer server = server();
            server.ask("SET text t");

            assertThat(of(server, client -> client.connect().sync().llen("text")))
                    .isEqualTo(ProbeResult.up());
        }

        @Test
        void thatFindsNoRoomIsSaturated() throws Exception {
            RedisServer server = server("--maxmemory", "1");

            assertThat(of(server, client -> client.connect().sync().set("k", "v"))
                            .outcome())
                    .isEqualTo(Outcome.SATURATED);
        }

        @Test
        void thatWritesToAReplicaIsEvidence() throws Exception {
            RedisServer server = server("--replicaof", "127.0.0.1", "1");

            assertThat(of(server, client -> client.connect().sync().set("k", "v"))
                            .outcome())
                    .isEqualTo(Outcome.DOWN);
        }

        @Test
        void toAReplicaThatMayNotAnswerWithoutItsMasterIsEvidence() throws Exception {
            RedisServer server = server("--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no");

            assertThat(of(server, client -> client.connect().sync().get("k")))
                    .asString()
                    .startsWith("DOWN (Redis says MASTERDOWN");
        }

        @Test
        void thatIsWrongByItselfIsNoEvidence() throws Exception {
            RedisServer server = server();
            server.ask("SET text t");

            assertThat(of(server, client -> client.connect().sync().incr("text")))
                    .isNull();
        }
    }
}
