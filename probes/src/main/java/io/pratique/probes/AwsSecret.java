package io.pratique.probes;

import io.pratique.readiness.ProbeResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** A secret in AWS Secrets Manager. */
final class AwsSecret implements SecretPlace {

    private static final String KEEPER = "Secrets Manager";

    private final SecretsManagerClient client;
    private final String id;

    private AwsSecret(SecretsManagerClient client, String id) {
        this.client = client;
        this.id = id;
    }

    static AwsSecret of(SecretsManagerClient client, String id) {
        return new AwsSecret(
                Arguments.required("The client of a SecretsProbe", client),
                Arguments.notBlank("The secret of a SecretsProbe", id));
    }

    @Override
    public boolean isPaid() {
        return true;
    }

    /** What the SDK cannot read it puts into its message, and that may be the secret: so no message of it is passed on. */
    @Override
    public ProbeResult look(Duration timeout) {
        boolean given;
        try {
            given = isGiven(client.getSecretValue(
                    request -> request.secretId(id).overrideConfiguration(AwsCalls.once(timeout))));
        } catch (RuntimeException failure) {
            ProbeResult evidence = classify(failure);
            if (evidence == null) {
                throw Unusable.because(KEEPER, failure, codeOf(failure));
            }
            return evidence;
        }
        if (!given) {
            throw new IllegalStateException("the answer of " + KEEPER + " holds no value");
        }
        return ProbeResult.up();
    }

    private static boolean isGiven(GetSecretValueResponse response) {
        return response.secretString() != null || response.secretBinary() != null;
    }

    private static @Nullable String codeOf(Throwable failure) {
        SecretsManagerException refused = Causes.first(failure, SecretsManagerException.class);
        AwsErrorDetails details = refused == null ? null : refused.awsErrorDetails();
        return details == null ? null : details.errorCode();
    }

    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        SecretsManagerException refused = Causes.first(failure, SecretsManagerException.class);
        return refused != null
                ? answered(refused, String.valueOf(codeOf(refused)))
                : Silence.of(KEEPER, failure, AwsCalls::isTimeout);
    }

    private @Nullable ProbeResult answered(SecretsManagerException refused, String code) {
        if (refused.isThrottlingException()) {
            return ProbeResult.saturated(KEEPER + " throttles requests");
        }
        if (refused.statusCode() >= 500) {
            return ProbeResult.down(refused.statusCode() + " from " + KEEPER);
        }
        return switch (code) {
            case "ResourceNotFoundException" -> ProbeResult.down("no secret " + id + ", or no current version of it");
            case "InvalidRequestException" -> ProbeResult.down("secret " + id + " is about to be deleted");
            case "AccessDeniedException" -> ProbeResult.down("access to secret " + id + " denied");
            case "DecryptionFailure", "DecryptionFailureException" ->
                ProbeResult.down("secret " + id + " cannot be decrypted with its key");
            default -> null;
        };
    }

    @Override
    public String toString() {
        return "secret " + id + " in AWS " + KEEPER;
    }
}
