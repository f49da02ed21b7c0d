package io.pratique.probes;

import io.pratique.readiness.Probe;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Looks whether a secret is there, or whether its keeper gives it out:
 *
 * <pre>{@code
 * SecretsProbe.environment("API_TOKEN", "SIGNING_KEY")
 * SecretsProbe.file(Path.of("/run/secrets/api-token"))
 * SecretsProbe.table(dataSource, "app.secrets", "name", "api-token")
 * SecretsProbe.aws(client, "prod/api-token")
 * SecretsProbe.gcp("my-project", "api-token", tokens)
 * SecretsProbe.vault(URI.create("https://vault:8200"), tokens)
 * }</pre>
 *
 * <p>No value leaves a check: none is in a result, an exception, a log or {@link #toString}. Only AWS and GCP send one at
 * all, since the right to read it, and the key that it is encrypted with, show in nothing else; it is dropped unread, and
 * what we hold of it ourselves is wiped. These two charge for each look, so they are looked at every 5 minutes, unless the
 * gate is told otherwise; {@linkplain io.pratique.readiness.DependencyHandle report} real calls in between.
 *
 * <p>A secret that is missing, empty or denied and a keeper that is sealed, fails or is silent are DOWN; throttling is
 * SATURATED. Credentials that are missing or not accepted, and answers that are malformed, are no evidence. Immutable; for
 * any thread.
 */
public final class SecretsProbe implements Probe {

    private static final Duration PAID_INTERVAL = Duration.ofMinutes(5);

    private final SecretPlace place;
    private final Duration timeout;

    private SecretsProbe(SecretPlace place, Duration timeout) {
        this.place = place;
        this.timeout = timeout;
    }

    private static SecretsProbe in(SecretPlace place) {
        return new SecretsProbe(place, Timeouts.DEFAULT);
    }

    /**
     * Environment variables of this process, each of which must be set and not blank.
     *
     * @param names one or more
     * @return the probe
     * @throws IllegalArgumentException if there is none, or one is no name
     */
    public static SecretsProbe environment(String... names) {
        return in(SecretVariables.of(Arrays.asList(names), System::getenv));
    }

    /**
     * A file, such as a mounted secret: it must be there, readable and not empty. Its content is not read.
     *
     * @param path of the file
     * @return the probe
     */
    public static SecretsProbe file(Path path) {
        return in(SecretFile.of(path));
    }

    /**
     * A file that somebody has to renew.
     *
     * @param path of the file
     * @param maxAge since it was last written; positive
     * @param clock such as {@code InstantSource.system()}
     * @return the probe
     * @throws IllegalArgumentException if the age is not positive
     */
    public static SecretsProbe file(Path path, Duration maxAge, InstantSource clock) {
        return in(SecretFile.of(path).notOlderThan(maxAge, clock));
    }

    /**
     * A row of a table: it must be there. Nothing of it is read.
     *
     * @param dataSource from which each check borrows a connection, and waits for it no longer than half of the timeout
     * @param table its name, with a schema or without
     * @param column the column by which the row is found
     * @param name what stands there; shown, so no secret
     * @return the probe
     * @throws IllegalArgumentException if table or column are no plain identifiers
     */
    public static SecretsProbe table(DataSource dataSource, String table, String column, String name) {
        return in(SecretRow.of(dataSource, table, column, name));
    }

    /**
     * A secret in AWS Secrets Manager, asked for with {@code GetSecretValue}, as the application does: a role that may
     * read it need not be allowed to describe it, and a description says nothing of its encryption key.
     *
     * @param client stays open, and the caller's
     * @param secretId its name or ARN
     * @return the probe
     * @throws IllegalArgumentException if the id is blank
     * @throws IllegalStateException if the SDK is not there
     */
    public static SecretsProbe aws(SecretsManagerClient client, String secretId) {
        Library.SECRETS_MANAGER.requireFor("SecretsProbe");
        return in(AwsSecret.of(client, secretId));
    }

    /**
     * A secret in GCP Secret Manager, of which the latest version is accessed, as the application does.
     *
     * @param project its id or number
     * @param secret its id
     * @param tokens gives an OAuth access token, and renews it in time; called with each check
     * @return the probe
     * @throws IllegalArgumentException if project or secret cannot be such
     */
    public static SecretsProbe gcp(String project, String secret, Supplier<String> tokens) {
        return in(GcpSecret.of(project, secret, tokens));
    }

    /**
     * A secret in GCP Secret Manager by its address, for regional secrets:
     * {@code https://secretmanager.europe-west1.rep.googleapis.com/v1/projects/p/locations/europe-west1/secrets/s}.
     *
     * @param secret the address, without a version
     * @param tokens gives an OAuth access token, and renews it in time; called with each check
     * @return the probe
     * @throws IllegalArgumentException if it is no HTTP address, or holds a user or password
     */
    public static SecretsProbe gcp(URI secret, Supplier<String> tokens) {
        return in(GcpSecret.of(secret, tokens));
    }

    /**
     * A HashiCorp Vault: it must be unsealed and take the token. A token that has less than a tenth of its life left, which
     * means that nobody renews it, is SATURATED: it still works, and somebody ought to look.
     *
     * @param server the address of Vault, without {@code /v1}
     * @param tokens gives the application's token; called with each check
     * @return the probe
     * @throws IllegalArgumentException if it is no HTTP address, or holds a user or password
     */
    public static SecretsProbe vault(URI server, Supplier<String> tokens) {
        return in(VaultServer.of(server, tokens));
    }

    /**
     * How long a keeper may take.
     *
     * @param timeout at least a millisecond, at most an hour; 1.5 seconds unless set
     * @return a new probe
     * @throws IllegalArgumentException if it is out of range
     */
    public SecretsProbe timeout(Duration timeout) {
        return new SecretsProbe(place, Timeouts.require("SecretsProbe", timeout));
    }

    @Override
    public ProbeResult check() throws Exception {
        return place.look(timeout);
    }

    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return place.classify(failure);
    }

    @Override
    public ProbeSettings settings() {
        ProbeSettings settings = Timeouts.settings(timeout);
        return place.isPaid() ? settings.interval(PAID_INTERVAL) : settings;
    }

    @Override
    public String toString() {
        return "SecretsProbe[" + place + "]";
    }
}
