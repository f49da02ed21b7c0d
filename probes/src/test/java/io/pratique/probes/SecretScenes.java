package io.pratique.probes;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pratique.readiness.Outcome;
import io.pratique.readiness.Probe;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.sql.DataSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Keepers of secrets that answer as their documentation says, with a secret wherever they have one. */
final class SecretScenes implements AutoCloseable {

    /** Whatever is secret in here contains this. */
    static final String CANARY = "canary-of-secrets";

    static final Duration PATIENT = Duration.ofSeconds(8);
    private static final Duration IMPATIENT = Duration.ofMillis(500);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final HikariDataSource database = pool("jdbc:h2:mem:secrets;DB_CLOSE_DELAY=-1", PATIENT);
    private final Path directory;

    /**
     * Empty but for a table of secrets.
     *
     * @param directory for files
     */
    SecretScenes(Path directory) throws Exception {
        this.directory = directory;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA app");
            statement.execute("CREATE TABLE app.secrets (name VARCHAR(50), content VARCHAR(50))");
            statement.execute("INSERT INTO app.secrets VALUES ('api-token', '" + CANARY + "')");
        }
    }

    DataSource database() {
        return database;
    }

    Path file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }

    private HikariDataSource pool(String url, Duration patience) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(patience.toMillis());
        config.setInitializationFailTimeout(-1);
        HikariDataSource pool = new HikariDataSource(config);
        open.push(pool);
        return pool;
    }

    Wire wire(String answer) throws Exception {
        Wire wire = Wire.answering(answer);
        open.push(wire);
        return wire;
    }

    private static AnswerTable.Case row(String answer, Outcome outcome, Callable<Probe> scene) {
        return new AnswerTable.Case("SecretsProbe", answer, outcome, scene);
    }

    Stream<AnswerTable.Case> answers() {
        return Stream.of(local(), aws(), gcp(), vault()).flatMap(rows -> rows);
    }

    private Stream<AnswerTable.Case> local() {
        return Stream.of(
                row("environment: all are set", Outcome.UP, () -> SecretsProbe.environment("PATH")),
                row(
                        "environment: one is not set, or blank",
                        Outcome.DOWN,
                        () -> SecretsProbe.environment("PATH", "PRATIQUE_NOT_SET")),
                row("file: there, readable, not empty", Outcome.UP, () -> SecretsProbe.file(file("whole", CANARY))),
                row(
                        "file: missing, empty, not readable, or no file",
                        Outcome.DOWN,
                        () -> SecretsProbe.file(file("empty", ""))),
                row(
                        "file: older than it may be",
                        Outcome.DOWN,
                        () -> SecretsProbe.file(file("old", CANARY), Duration.ofDays(1), () -> Instant.MAX)),
                row("table: the row is there", Outcome.UP, () -> table("api-token")),
                row("table: no such row", Outcome.DOWN, () -> table("another")),
                row(
                        "table: no such table, or it may not be read",
                        Outcome.DOWN,
                        () -> SecretsProbe.table(database, "app.nothing", "name", "api-token")),
                row(
                        "table: the database cannot be reached",
                        Outcome.DOWN,
                        () -> SecretsProbe.table(unreachable(), "app.secrets", "name", "api-token")
                                .timeout(PATIENT)),
                row("table: the pool is full", Outcome.SATURATED, () -> {
                    HikariDataSource pool = pool("jdbc:h2:mem:secrets", PATIENT);
                    open.push(pool.getConnection());
                    return SecretsProbe.table(pool, "app.secrets", "name", "api-token")
                            .timeout(IMPATIENT);
                }));
    }

    SecretsProbe table(String name) {
        return SecretsProbe.table(database, "app.secrets", "name", name).timeout(PATIENT);
    }

    private DataSource unreachable() throws Exception {
        return pool("jdbc:postgresql://127.0.0.1:" + Wire.deserted().getPort() + "/none", IMPATIENT);
    }

    private Stream<AnswerTable.Case> aws() {
        return Stream.of(
                row(
                        "AWS: the value is given out",
                        Outcome.UP,
                        () -> aws(json("200 OK", "{\"ARN\":\"arn\",\"SecretString\":\"" + CANARY + "\"}"))),
                row("AWS: `ResourceNotFoundException`", Outcome.DOWN, () -> aws(error("ResourceNotFoundException"))),
                row(
                        "AWS: `InvalidRequestException`, about to be deleted",
                        Outcome.DOWN,
                        () -> aws(error("InvalidRequestException"))),
                row("AWS: `AccessDeniedException`", Outcome.DOWN, () -> aws(error("AccessDeniedException"))),
                row(
                        "AWS: `DecryptionFailure`, its key is not to be used",
                        Outcome.DOWN,
                        () -> aws(error("DecryptionFailure"))),
                row("AWS: `ThrottlingException`, 429", Outcome.SATURATED, () -> aws(error("ThrottlingException"))),
                row(
                        "AWS: `InternalServiceError` and all others of 5xx",
                        Outcome.DOWN,
                        () -> aws(json("500 Internal Server Error", "{\"__type\":\"InternalServiceError\"}"))),
                row(
                        "AWS: `UnrecognizedClientException`, `ExpiredTokenException`: credentials not accepted",
                        Outcome.BROKEN,
                        () -> aws(error("UnrecognizedClientException"))),
                row(
                        "AWS: an answer that is malformed, or holds no value",
                        Outcome.BROKEN,
                        () -> aws(json("200 OK", "{\"SecretString\":" + CANARY.replace("-", "") + " "))),
                row("AWS: hangs up without an answer", Outcome.DOWN, () -> aws("")),
                row(
                        "AWS: no answer in time",
                        Outcome.DOWN,
                        () -> aws(Wire.SILENCE).timeout(IMPATIENT)),
                row("AWS: connection refused, no such host", Outcome.DOWN, () -> aws(Wire.deserted())));
    }

    static String json(String status, String body) {
        return Wire.answer(status, body, "Content-Type: application/x-amz-json-1.1");
    }

    private static String error(String type) {
        return json("400 Bad Request", "{\"__type\":\"" + type + "\",\"message\":\"about " + CANARY + "\"}");
    }

    SecretsProbe aws(String answer) throws Exception {
        return aws(wire(answer).uri());
    }

    SecretsProbe aws(URI endpoint) {
        return SecretsProbe.aws(awsClient(endpoint), "prod/api-token").timeout(PATIENT);
    }

    static SecretsManagerClient awsClient(URI endpoint) {
        return SecretsManagerClient.builder()
                .httpClient(UrlConnectionHttpClient.create())
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAEXAMPLE", CANARY)))
                .build();
    }

    private Stream<AnswerTable.Case> gcp() {
        return Stream.of(
                row(
                        "GCP: the value is given out",
                        Outcome.UP,
                        () -> gcp(Wire.answer(
                                "200 OK",
                                "{\"name\":\"projects/1/secrets/s/versions/3\",\"payload\":{\"data\":\"" + CANARY
                                        + "\",\"dataCrc32c\":\"1\"}}"))),
                row(
                        "GCP: 404, no secret or no version of it",
                        Outcome.DOWN,
                        () -> gcp(gcpError("404 Not Found", "NOT_FOUND"))),
                row(
                        "GCP: 400 `FAILED_PRECONDITION`, the version is disabled or destroyed",
                        Outcome.DOWN,
                        () -> gcp(gcpError("400 Bad Request", "FAILED_PRECONDITION"))),
                row("GCP: 403", Outcome.DOWN, () -> gcp(gcpError("403 Forbidden", "PERMISSION_DENIED"))),
                row("GCP: 429", Outcome.SATURATED, () -> gcp(gcpError("429 Too Many Requests", "RESOURCE_EXHAUSTED"))),
                row("GCP: 5xx", Outcome.DOWN, () -> gcp(gcpError("503 Service Unavailable", "UNAVAILABLE"))),
                row(
                        "GCP: 401, the token is not accepted",
                        Outcome.BROKEN,
                        () -> gcp(gcpError("401 Unauthorized", "UNAUTHENTICATED"))),
                row(
                        "GCP: any other 400, and an answer that is malformed or holds no value",
                        Outcome.BROKEN,
                        () -> gcp(Wire.answer("200 OK", "<html>" + CANARY + "</html>"))),
                row("GCP: hangs up without an answer", Outcome.DOWN, () -> gcp("")),
                row(
                        "GCP: no answer in time",
                        Outcome.DOWN,
                        () -> gcp(Wire.SILENCE).timeout(IMPATIENT)),
                row(
                        "GCP: no token to ask with",
                        Outcome.BROKEN,
                        () -> SecretsProbe.gcp("my-project", "api-token", SecretScenes::noToken)));
    }

    private static String gcpError(String status, String code) {
        return Wire.answer(status, "{\"error\":{\"status\":\"" + code + "\",\"message\":\"about " + CANARY + "\"}}");
    }

    SecretsProbe gcp(String answer) throws Exception {
        URI secret = wire(answer).uri().resolve("/v1/projects/my-project/secrets/api-token");
        return SecretsProbe.gcp(secret, () -> CANARY).timeout(PATIENT);
    }

    private static String noToken() {
        throw new IllegalStateException("cannot get " + CANARY);
    }

    private Stream<AnswerTable.Case> vault() {
        return Stream.of(
                row("Vault: 200 active, the token has time left", Outcome.UP, () -> vault("200 OK", life(3600, 3600))),
                row(
                        "Vault: 429 standby, 473 performance standby",
                        Outcome.UP,
                        () -> vault("429 Too Many Requests", life(3600, 3600))),
                row("Vault: 472 disaster recovery secondary", Outcome.DOWN, () -> vault("472 DR", life(9, 9))),
                row("Vault: 501 not initialised", Outcome.DOWN, () -> vault("501 Not Implemented", life(9, 9))),
                row("Vault: 503 sealed", Outcome.DOWN, () -> vault("503 Service Unavailable", life(9, 9))),
                row("Vault: all others of 5xx", Outcome.DOWN, () -> vault("530 Removed", life(9, 9))),
                row("Vault: the token never ends", Outcome.UP, () -> vault("200 OK", life(0, 0))),
                row(
                        "Vault: less than a tenth of the token's life is left",
                        Outcome.SATURATED,
                        () -> vault("200 OK", life(359, 3600))),
                row(
                        "Vault: 403, the token is not accepted",
                        Outcome.DOWN,
                        () -> vault("200 OK", Wire.answer("403 Forbidden", "{\"errors\":[\"" + CANARY + "\"]}"))),
                row(
                        "Vault: 429 to the token, a quota is used up",
                        Outcome.SATURATED,
                        () -> vault("200 OK", Wire.answer("429 Too Many Requests", ""))),
                row(
                        "Vault: any other 4xx, and an answer that is malformed",
                        Outcome.BROKEN,
                        () -> vault("200 OK", Wire.answer("200 OK", "<html>" + CANARY + "</html>"))),
                row("Vault: hangs up without an answer", Outcome.DOWN, () -> vault("200 OK", "")),
                row(
                        "Vault: no answer in time",
                        Outcome.DOWN,
                        () -> vault("200 OK", Wire.SILENCE).timeout(IMPATIENT)),
                row(
                        "Vault: connection refused, no such host",
                        Outcome.DOWN,
                        () -> SecretsProbe.vault(Wire.deserted(), () -> CANARY)));
    }

    private static String life(int left, int granted) {
        return Wire.answer(
                "200 OK",
                "{\"lease_duration\":0,\"data\":{\"creation_ttl\":" + granted + ",\"explicit_max_ttl\":0,\"id\":\"hvs."
                        + CANARY + "\",\"ttl\":" + left + "}}");
    }

    SecretsProbe vault(String health, String token) throws Exception {
        Wire wire = Wire.answering(request -> request.startsWith("GET /v1/sys/health ")
                ? Wire.answer(health, "{\"initialized\":true}")
                : request.startsWith("GET /v1/auth/token/lookup-self ") ? token : Wire.answer("404 Not Found", ""));
        open.push(wire);
        return SecretsProbe.vault(wire.uri(), () -> "hvs." + CANARY).timeout(PATIENT);
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
