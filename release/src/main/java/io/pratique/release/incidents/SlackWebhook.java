package io.pratique.release.incidents;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells of incidents in a channel of Slack, by an incoming webhook. Slack recognises nothing again: if its answer is lost,
 * the channel reads the same message twice, which names the incident. Immutable.
 */
public final class SlackWebhook implements IncidentReceiver {

    private static final Duration REQUEST = Duration.ofSeconds(10);

    private final Supplier<String> url;

    private SlackWebhook(Supplier<String> url) {
        this.url = url;
    }

    /**
     * A webhook.
     *
     * @param url the whole URL, which is secret; asked for with each delivery
     * @return a receiver
     * @throws IllegalArgumentException if the supplier is null
     */
    public static SlackWebhook of(Supplier<String> url) {
        return new SlackWebhook(Secret.supplier("URL of the Slack webhook", url));
    }

    /** Gives no link, for Slack tells none. */
    @Override
    public @Nullable URI deliver(Incident incident) throws IOException, InterruptedException {
        Secret secret = Secret.url("URL of the Slack webhook", url);
        byte[] body = IncidentJson.JSON
                .createObjectNode()
                .put("text", IncidentText.slack(incident))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        new HttpCall("Slack", secret).send("POST", HttpCall.to(secret.value()), body, REQUEST);
        return null;
    }
}
