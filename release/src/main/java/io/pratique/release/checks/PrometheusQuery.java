package io.pratique.release.checks;

import com.fasterxml.jackson.databind.JsonNode;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.io.HttpAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A query in PromQL with one number as its answer. */
final class PrometheusQuery implements SignalSource {

    private static final int SHOWN = 200;

    private final URI url;

    private PrometheusQuery(URI url) {
        this.url = url;
    }

    static PrometheusQuery of(URI server, String query) {
        URI base = HttpAnswer.requireUrl("URL of a Prometheus server", server);
        if (query == null || query.isBlank()) {
            throw new IllegalArgumentException("query to \"" + HttpAnswer.shown(base)
                    + "\" must be PromQL, but is blank; write it as sum(jobs_waiting)");
        }
        String path = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
        return new PrometheusQuery(URI.create(base.getScheme() + "://" + base.getRawAuthority() + path
                + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)));
    }

    @Override
    public double read() throws IOException, InterruptedException {
        HttpAnswer answer = HttpAnswer.get(url, JsonSignal.TIMEOUT);
        JsonNode json = JsonSignal.parse(url, answer);
        if (!"success".equals(json.path("status").asText())) {
            throw new IOException(HttpAnswer.shown(url) + " answers with status " + answer.status() + ": "
                    + FlagText.printable(json.path("error").asText("no reason given"), SHOWN));
        }
        JsonNode data = json.path("data");
        JsonNode result = data.path("result");
        return switch (data.path("resultType").asText()) {
            case "scalar" -> JsonSignal.number(url, result.path(1));
            case "vector" -> only(result);
            default ->
                throw new IOException(HttpAnswer.shown(url) + " answers with a \""
                        + FlagText.printable(data.path("resultType").asText())
                        + "\" and not with one number; ask for one moment, not for a range");
        };
    }

    private double only(JsonNode series) throws IOException {
        if (series.size() > 1) {
            throw new IOException(HttpAnswer.shown(url) + " answers with " + series.size()
                    + " series, of which one is wanted; put sum(..) or max(..) around the query");
        }
        return series.isEmpty()
                ? Double.NaN
                : JsonSignal.number(url, series.path(0).path("value").path(1));
    }
}
