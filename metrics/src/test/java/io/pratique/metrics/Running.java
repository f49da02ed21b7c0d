package io.pratique.metrics;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagHandle;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ReadinessGate;
import io.pratique.testkit.ScriptedSource;
import java.io.File;
import java.time.Duration;

/** A process that shows everything there is to show: a client and a gate, the JVM, its disk and a queue. */
final class Running implements AutoCloseable {

    final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FlagClient client = FlagClient.builder()
            .source(new ScriptedSource("redis").put("cleanup-runner", "off"))
            .countEvaluations()
            .build();
    private final ReadinessGate gate = ReadinessGate.builder()
            .flags(client)
            .probe("database", ProbeResult::up)
            .probe("redis", ProbeResult::up)
            .job("cleanup-runner", "database", "redis")
            .build();

    Running() {
        FlagHandle handle = client.handle("cleanup-runner");
        client.override("voice-retry", handle.isEnabled(), Duration.ofHours(1), "test");
        gate.wrap("cleanup-runner", () -> {}).run();
        await().until(() -> gate.health().checks().stream().allMatch(check -> check.age() != null));
        new FlagMetrics(client).bindTo(registry);
        new ReadinessMetrics(gate).bindTo(registry);
        new ConfigMetrics("core-api", 0, 0).bindTo(registry);
        new DiskSpaceMetrics(new File(".")).bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        Gauge.builder("queue.messages", () -> 0).tag("queue", "outbox").register(registry);
    }

    Exposition scrape() {
        return Exposition.parse(registry.scrape());
    }

    @Override
    public void close() {
        gate.close();
        client.close();
        registry.close();
    }
}
