package io.pratique.benchmarks.checks;

import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.integrations.TestData;
import java.io.IOException;
import java.util.Map;

/** LaunchDarkly over the flags of its test data; it sends no events. */
@SuppressWarnings("NullAway.Init") // set by JMH before anything else
public class LaunchDarkly extends Peer {

    private final LDContext context = LDContext.create("benchmark");
    private LDClient client;

    /** Nothing yet. */
    public LaunchDarkly() {}

    @Override
    void start(Map<String, Boolean> answers) {
        TestData data = TestData.dataSource();
        answers.forEach((key, on) -> data.update(data.flag(key).booleanFlag().variationForAll(on)));
        client = new LDClient(
                "none",
                new LDConfig.Builder()
                        .dataSource(data)
                        .events(Components.noEvents())
                        .diagnosticOptOut(true)
                        .build());
    }

    @Override
    void stop() throws IOException {
        client.close();
    }

    @Override
    boolean isEnabled(String key) {
        return client.boolVariation(key, context, true);
    }
}
