package io.pratique.release.incidents;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Posts each incident as a JSON object to a URL. The header {@value #KEY} names the incident, and {@value #REVISION} which
 * state of it, by which the other side recognises what it was told before. Any status from 200 to 299 counts as taken.
 * Immutable.
 */
public final class JsonWebhook implements IncidentReceiver {

    /** The header with {@link Incident#key}. */
    public static final String KEY = "X-Pratique-Incident";

    /** The header with {@link Incident#revision}. */
    public static final String REVISION = "X-Pratique-Revision";

    /** The header with {@code sha256=} and the HMAC of the body by SHA-256, in hexadecimal digits. */
    public static final String SIGNATURE = "X-Pratique-Signature";

    private static final Duration REQUEST = Duration.ofSeconds(10);

    private final Supplier<String> url;
    private final @Nullable Supplier<String> signing;

    private JsonWebhook(Supplier<String> url, @Nullable Supplier<String> signing) {
        this.url = url;
        this.signing = signing;
    }

    /**
     * A webhook that is not signed.
     *
     * @param url the whole URL, which counts as secret; asked for with each delivery
     * @return a receiver
     * @throws IllegalArgumentException if the supplier is null
     */
    public static JsonWebhook of(Supplier<String> url) {
        return new JsonWebhook(Secret.supplier("URL of the webhook", url), null);
    }

    /**
     * The same with a {@linkplain #SIGNATURE signature}.
     *
     * @param key what both sides know, asked for with each delivery; its bytes in UTF-8, without white space around
     *     it, are the key
     * @return a new receiver
     * @throws IllegalArgumentException if the supplier is null
     */
    public JsonWebhook signedWith(Supplier<String> key) {
        return new JsonWebhook(url, Secret.supplier("key of the webhook's signature", key));
    }

    /** Gives no link, for webhooks tell none. */
    @Override
    public @Nullable URI deliver(Incident incident) throws IOException, InterruptedException {
        Secret secret = Secret.url("URL of the webhook", url);
        byte[] body = IncidentJson.described(incident).toString().getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpCall.to(secret.value())
                .header(KEY, incident.key())
                .header(REVISION, String.valueOf(incident.revision()));
        if (signing != null) {
            request.header(SIGNATURE, "sha256=" + signature(body, signing));
        }
        new HttpCall("the webhook", secret).send("POST", request, body, REQUEST);
        return null;
    }

    private static String signature(byte[] body, Supplier<String> signing) throws IOException {
        Secret key = Secret.unsent("key of the webhook's signature", signing);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.value().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }
}
