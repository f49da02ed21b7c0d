package io.pratique.probes;

import io.pratique.readiness.Outcome;
import io.pratique.readiness.ProbeResult;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A HashiCorp Vault and the life of a token in it. The answer about a token holds the token. */
final class VaultServer implements SecretPlace {

    private static final Pattern LEFT = Pattern.compile("\"ttl\"\\s*:\\s*(\\d{1,18})");
    private static final Pattern GRANTED = Pattern.compile("\"creation_ttl\"\\s*:\\s*(\\d{1,18})");

    /** Whoever renews tokens does so long before. */
    private static final int LAST_PART = 10;

    private final URI server;
    private final KeeperCalls calls;

    private VaultServer(URI server, KeeperCalls calls) {
        this.server = server;
        this.calls = calls;
    }

    static VaultServer of(URI server, Supplier<String> tokens) {
        return new VaultServer(
                Arguments.http("The address of a SecretsProbe", server), new KeeperCalls("Vault", tokens));
    }

    /** Health first, for a sealed Vault says nothing of tokens; for both together the timeout is halved. */
    @Override
    public ProbeResult look(Duration timeout) throws InterruptedException {
        Duration half = timeout.dividedBy(2);
        ProbeResult health = calls.ask(path("/v1/sys/health"), half, this::health);
        return health.outcome() == Outcome.UP
                ? calls.ask(path("/v1/auth/token/lookup-self"), "X-Vault-Token", "", half, this::token)
                : health;
    }

    private URI path(String path) {
        return URI.create(Arguments.shown(server).replaceFirst("/$", "") + path);
    }

    private ProbeResult health(int status, CharSequence body) {
        return switch (status) {
            // Active, standby and performance standby: the latter two pass requests on.
            case 200, 429, 473 -> ProbeResult.up();
            case 472 -> ProbeResult.down("472: Vault is a secondary for disaster recovery");
            case 501 -> ProbeResult.down("501: Vault is not initialised");
            case 503 -> ProbeResult.down("503: Vault is sealed");
            default -> failed(status);
        };
    }

    private ProbeResult token(int status, CharSequence body) {
        return switch (status) {
            case 200 -> life(number(LEFT, body), number(GRANTED, body));
            case 403 -> ProbeResult.down("403: Vault does not take the token");
            case 429 -> ProbeResult.saturated("429: Vault throttles requests");
            default -> failed(status);
        };
    }

    private ProbeResult failed(int status) {
        if (status < 500) {
            throw calls.malformed(status);
        }
        return ProbeResult.down(status + " from Vault");
    }

    /** A token that was granted for no time lives for ever. */
    private ProbeResult life(OptionalLong left, OptionalLong granted) {
        if (left.isEmpty() || granted.isEmpty()) {
            throw calls.malformed(200);
        }
        boolean ends = left.getAsLong() < granted.getAsLong() / LAST_PART;
        return ends
                ? ProbeResult.saturated(
                        "the token for Vault ends in " + Duration.ofSeconds(left.getAsLong()) + " and was not renewed")
                : ProbeResult.up();
    }

    private static OptionalLong number(Pattern pattern, CharSequence body) {
        Matcher found = pattern.matcher(body);
        return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
    }

    @Override
    public @Nullable ProbeResult classify(Throwable failure) {
        return calls.classify(failure);
    }

    @Override
    public String toString() {
        return "Vault at " + Arguments.shown(server);
    }
}
