package io.pratique.cli;

import io.pratique.release.ReleaseMetrics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the metrics of releases are written, too. */
final class MetricsOptions {

    private static final String JOB = "pratique_release";

    @Option(
            names = "--textfile",
            paramLabel = "FILE",
            description = "Write the metrics to this file, for the textfile collector of node_exporter.")
    private @Nullable Path textfile;

    @Option(
            names = "--pushgateway",
            paramLabel = "URL",
            description = "Push the metrics to this Prometheus Pushgateway, as job " + JOB + ".")
    private @Nullable URI gateway;

    @Option(names = "--service", paramLabel = "NAME", description = "The label service of the metrics.")
    private @Nullable String service;

    /** Not for use: made by the parser of the command line. */
    MetricsOptions() {}

    void deliver(ReleasePlace place) throws IOException, InterruptedException {
        ReleaseMetrics metrics = ReleaseMetrics.in(place.directory()).lock(place.lock());
        metrics = service == null ? metrics : metrics.service(service);
        if (textfile != null) {
            metrics.write(textfile);
        }
        if (gateway != null) {
            metrics.push(gateway, JOB);
        }
    }
}
