package io.pratique.benchmarks.checks;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import java.util.HashMap;
import java.util.Map;

/** The SDK of OpenFeature over the provider that comes with it, in memory. */
@SuppressWarnings("NullAway.Init") // set by JMH before anything else
public class OpenFeature extends Peer {

    private Client client;

    /** Nothing yet. */
    public OpenFeature() {}

    @Override
    void start(Map<String, Boolean> answers) {
        Map<String, Flag<?>> flags = new HashMap<>();
        answers.forEach((key, on) -> flags.put(
                key,
                Flag.<Boolean>builder()
                        .variant("on", true)
                        .variant("off", false)
                        .defaultVariant(on ? "on" : "off")
                        .build()));
        OpenFeatureAPI api = OpenFeatureAPI.getInstance();
        api.setProviderAndWait(new InMemoryProvider(flags));
        client = api.getClient();
    }

    @Override
    void stop() {
        OpenFeatureAPI.getInstance().shutdown();
    }

    @Override
    boolean isEnabled(String key) {
        return client.getBooleanValue(key, true);
    }
}
