package io.pratique.examples.worker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pratique.config.ConfigReport;
import io.pratique.flags.FlagClient;
import io.pratique.health.HealthEndpoints;
import io.pratique.health.HealthServer;
import io.pratique.metrics.ConfigMetrics;
import io.pratique.metrics.FlagMetrics;
import io.pratique.metrics.ReadinessMetrics;
import io.pratique.readiness.ReadinessGate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Supplier;

/** What the worker shows of itself: health and metrics, over HTTP on the loopback interface. */
final class Monitoring implements AutoCloseable {

    /** An example has no secrets; a real worker takes its token from where its other secrets are. */
    static final String TOKEN = "example";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HealthServer server;

    /**
     * Starts to serve.
     *
     * @param pending tells how many messages wait in the outbox
     */
    Monitoring(FlagClient flags, ReadinessGate gate, ConfigReport config, Path storage, Supplier<Number> pending) {
        new FlagMetrics(flags).bindTo(registry);
        new ReadinessMetrics(gate).bindTo(registry);
        new ConfigMetrics(
                        "core-api", config.problems().size(), config.warnings().size())
                .bindTo(registry);
        new DiskSpaceMetrics(storage.toFile()).bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        Gauge.builder("queue.messages", pending).tag("queue", "outbox").register(registry);
        HealthEndpoints endpoints = HealthEndpoints.builder("worker", gate)
                .token(TOKEN)
                .metrics(registry::scrape)
                .flags(flags)
                .build();
        this.server = HealthServer.start(endpoints, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Where a path such as {@code /health/ready} is served. */
    URI at(String path) {
        return URI.create("http://localhost:" + server.port() + path);
    }

    @Override
    public void close() {
        server.close();
        registry.close();
    }
}
