package io.pratique.benchmarks.checks;

import io.getunleash.DefaultUnleash;
import io.getunleash.util.UnleashConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Unleash, given its flags at the start; it neither polls nor sends anything. */
@SuppressWarnings("NullAway.Init") // set by JMH before anything else
public class Unleash extends Peer {

    private DefaultUnleash unleash;
    private Path backup;

    /** Nothing yet. */
    public Unleash() {}

    @Override
    void start(Map<String, Boolean> answers) throws Exception {
        String features = answers.entrySet().stream()
                .map(answer -> "{\"name\":\"" + answer.getKey() + "\",\"type\":\"release\",\"enabled\":"
                        + answer.getValue() + ",\"strategies\":[{\"name\":\"default\"}]}")
                .collect(Collectors.joining(",", "{\"version\":2,\"features\":[", "]}"));
        backup = Files.createTempFile("unleash", ".json");
        Files.delete(backup);
        unleash = new DefaultUnleash(UnleashConfig.builder()
                .appName("benchmark")
                .instanceId("benchmark")
                .unleashAPI("http://127.0.0.1:1/api")
                .apiKey("none")
                .backupFile(backup.toString())
                .toggleBootstrapProvider(() -> Optional.of(features))
                .disablePolling()
                .disableMetrics()
                .build());
    }

    @Override
    void stop() throws Exception {
        unleash.shutdown();
        Files.deleteIfExists(backup);
    }

    @Override
    boolean isEnabled(String key) {
        return unleash.isEnabled(key);
    }
}
