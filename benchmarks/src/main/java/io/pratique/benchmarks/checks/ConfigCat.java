package io.pratique.benchmarks.checks;

import com.configcat.ConfigCatClient;
import com.configcat.OverrideBehaviour;
import com.configcat.OverrideDataSourceBuilder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** ConfigCat over a local map alone. */
@SuppressWarnings("NullAway.Init") // set by JMH before anything else
public class ConfigCat extends Peer {

    private ConfigCatClient client;

    /** Nothing yet. */
    public ConfigCat() {}

    @Override
    void start(Map<String, Boolean> answers) {
        client = ConfigCatClient.get(
                "localhost",
                options -> options.flagOverrides(
                        OverrideDataSourceBuilder.map(new HashMap<>(answers)), OverrideBehaviour.LOCAL_ONLY));
    }

    @Override
    void stop() throws IOException {
        client.close();
    }

    @Override
    boolean isEnabled(String key) {
        return client.getValue(Boolean.class, key, true);
    }
}
