package io.pratique.cli;

import io.pratique.release.ReleaseMetrics;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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
            converter = GatewayConverter.class,
            description = "Push the metrics to this Prometheus Pushgateway, as job " + JOB + ".")
    private @Nullable URI gateway;

    @Option(names = "--service", paramLabel = "NAME", description = "The label service of the metrics.")
    private @Nullable String service;

    /** Not for use: made by the parser of the command line. */
    MetricsOptions() {}

    /** Reads a URL without showing it, for it may hold what is none of the reader's business. */
    static final class GatewayConverter implements ITypeConverter<URI> {

        GatewayConverter() {}

        @Override
        public URI convert(String text) {
            try {
                return new URI(text);
            } catch (URISyntaxException e) {
                throw new TypeConversionException("must be a URL such as http://localhost:9091");
            }
        }
    }

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
