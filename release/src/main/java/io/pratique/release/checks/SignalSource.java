package io.pratique.release.checks;

import java.net.URI;

/** Where a {@link Watch} reads the value of a signal. A lambda is a source. */
@FunctionalInterface
public interface SignalSource {

    /**
     * Reads the value as it is now. It runs on the thread of the step, may block for some seconds, and must end when that
     * thread is interrupted.
     *
     * @return the value; not a number if there is none, as there is no error rate without traffic
     * @throws Exception if it cannot be read, which is told of and says nothing about the release
     */
    double read() throws Exception;

    /**
     * Asks a Prometheus server, or what answers like one. An empty answer is no value; one of several series cannot be
     * read.
     *
     * @param server where its HTTP API begins, such as {@code http://localhost:9090}, without {@code /api/v1}
     * @param query in PromQL, with one series or a scalar as its answer, such as {@code sum(jobs_waiting)}
     * @return the source; an answer may take five seconds
     * @throws IllegalArgumentException if the server is no such URL, or the query is null or blank
     */
    static SignalSource prometheus(URI server, String query) {
        return PrometheusQuery.of(server, query);
    }

    /**
     * Asks a URL for JSON with the value in it, as the health answer of the released application. The answer's status does
     * not matter; null in the place of the number is no value.
     *
     * @param url beginning with {@code http://} or {@code https://}
     * @param pointer where the number stands, by RFC 6901, such as {@code /queue/backlog}
     * @return the source; an answer may take five seconds
     * @throws IllegalArgumentException if the URL is none, or the pointer is none
     */
    static SignalSource json(URI url, String pointer) {
        return JsonSignal.of(url, pointer);
    }
}
