package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import io.pratique.release.checks.MonitoringQueries.Query;
import io.pratique.release.io.HttpAnswer;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the metrics that dashboards of Grafana and rules of Prometheus ask for are there, so that no panel stays
 * empty and no alert silent for a name that was changed. Immutable.
 *
 * <pre>{@code
 * Step.check("dashboards", DashboardCheck.of(Path.of("monitoring"))
 *         .metrics(URI.create("http://localhost:8080/metrics"))
 *         .allow("worker_restores_total"))
 * }</pre>
 *
 * <p>Names are taken out of the queries as they are written. One that is partly a variable, or is asked for by a regular
 * expression, is not looked at. What {@code absent(..)} asks for is looked at like all else: a wrong name there fires for
 * ever. What rules of the given files record counts as there, and so does what Prometheus makes itself, such as
 * {@code up}.
 */
public final class DashboardCheck implements StepAction {

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 64 << 20;

    /** How many metrics one line has room for, each with who asks for it. */
    private static final int NAMED = 3;

    /** What Prometheus knows of each target, and of its alerts. */
    private static final Set<String> OF_PROMETHEUS = Set.of(
            "up",
            "scrape_duration_seconds",
            "scrape_samples_scraped",
            "scrape_samples_post_metric_relabeling",
            "scrape_series_added",
            "scrape_timeout_seconds",
            "scrape_sample_limit",
            "scrape_body_size_bytes",
            "ALERTS",
            "ALERTS_FOR_STATE");

    private final List<Path> files;
    private final List<URI> pages;
    private final Set<String> names;
    private final Set<String> allowed;
    private final @Nullable String authorization;
    private final Duration timeout;

    private DashboardCheck(
            List<Path> files,
            List<URI> pages,
            Set<String> names,
            Set<String> allowed,
            @Nullable String authorization,
            Duration timeout) {
        this.files = files;
        this.pages = pages;
        this.names = names;
        this.allowed = allowed;
        this.authorization = authorization;
        this.timeout = timeout;
    }

    /**
     * A check of files and of directories at any depth. In a directory, files that are neither dashboards nor rules are
     * passed over.
     *
     * @param files dashboards as {@code .json}, rules as {@code .yml} or {@code .yaml}, or directories of them
     * @return a check that still has to be told where the metrics are
     * @throws IllegalArgumentException if there is none, or one is null
     */
    public static DashboardCheck of(Path... files) {
        if (files == null || files.length == 0 || Stream.of(files).anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(
                    "files of dashboards and rules must be given, but one is null or none is; "
                            + "name a file or a directory");
        }
        return new DashboardCheck(List.of(files), List.of(), Set.of(), Set.of(), null, USUAL_TIMEOUT);
    }

    /**
     * The same check with one page of metrics more.
     *
     * @param page in the text format of Prometheus or in OpenMetrics; what is between {@code //} and {@code @} is not shown
     * @return a new check
     * @throws IllegalArgumentException if it is null, or begins with neither {@code http://} nor {@code https://}
     */
    public DashboardCheck metrics(URI page) {
        List<URI> more = new ArrayList<>(pages);
        more.add(HttpAnswer.requireUrl("URL of a page of metrics", page));
        return new DashboardCheck(files, List.copyOf(more), names, allowed, authorization, timeout);
    }

    /**
     * The same check that sends a header with each request for a page of metrics.
     *
     * @param authorization such as {@code Bearer} and a token; it is not shown
     * @return a new check
     * @throws IllegalArgumentException if it is null, blank or not printable ASCII
     */
    public DashboardCheck authorization(String authorization) {
        if (authorization == null
                || authorization.isBlank()
                || !authorization.chars().allMatch(each -> each >= ' ' && each <= '~')) {
            throw new IllegalArgumentException("authorization of a check must be printable ASCII and not blank, but is "
                    + "not; write it as \"Bearer\" and a token");
        }
        return new DashboardCheck(files, pages, names, allowed, authorization, timeout);
    }

    /**
     * The same check with another limit to the time for each page, from the request to the page's end.
     *
     * @param timeout ten seconds unless set
     * @return a new check
     * @throws IllegalArgumentException if it is null or not positive
     */
    public DashboardCheck timeout(Duration timeout) {
        return new DashboardCheck(files, pages, names, allowed, authorization, HttpCheck.requireTimeout(timeout));
    }

    /**
     * The same check that takes these for there, whatever the pages show.
     *
     * @param names whole names, as queries ask for them, such as {@code http_requests_total}
     * @return a new check
     * @throws IllegalArgumentException if it is null or holds a blank
     */
    public DashboardCheck metricNames(Set<String> names) {
        return new DashboardCheck(files, pages, union(this.names, names), allowed, authorization, timeout);
    }

    /**
     * The same check that does not ask for these, which appear only later, such as a count of what rarely happens.
     *
     * @param names whole names, as queries ask for them
     * @return a new check
     * @throws IllegalArgumentException if one is null or blank
     */
    public DashboardCheck allow(String... names) {
        return new DashboardCheck(
                files, pages, this.names, union(allowed, new HashSet<>(Arrays.asList(names))), authorization, timeout);
    }

    private static Set<String> union(Set<String> some, Set<String> more) {
        if (more == null || more.stream().anyMatch(name -> name == null || name.isBlank())) {
            throw new IllegalArgumentException("names of metrics must not be null or blank; leave those out");
        }
        Set<String> all = new HashSet<>(some);
        all.addAll(more);
        return Set.copyOf(all);
    }

    /** Throws with the metrics that are asked for and not there, the first few with who asks for them. */
    @Override
    public void run(StepContext context) throws IOException, InterruptedException {
        if (pages.isEmpty() && names.isEmpty()) {
            throw new IllegalStateException(
                    "a check of dashboards knows no metrics; give it metrics(..) or metricNames(..)");
        }
        MonitoringQueries queries = MonitoringQueries.in(files);
        Set<String> there = new HashSet<>(names);
        there.addAll(OF_PROMETHEUS);
        there.addAll(allowed);
        there.addAll(queries.recorded());
        for (URI page : pages) {
            there.addAll(names(page));
        }
        Map<String, List<String>> asked = new TreeMap<>();
        for (Query query : queries.queries()) {
            for (String name : PromQuery.metrics(query.text())) {
                asked.computeIfAbsent(name, one -> new ArrayList<>()).add(query.asker());
            }
        }
        List<String> missing = asked.entrySet().stream()
                .filter(each -> !there.contains(each.getKey()))
                .map(each -> missing(each.getKey(), each.getValue()))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(missing.size() + " metrics are asked for and not there: "
                    + missing.stream().limit(NAMED).collect(Collectors.joining("; "))
                    + (missing.size() > NAMED ? "; and " + (missing.size() - NAMED) + " more" : ""));
        }
        context.tell(queries.files() + " files ask for " + asked.size() + " metrics, all there");
    }

    private static String missing(String name, List<String> askers) {
        return "\"" + FlagText.printable(name, 100) + "\" (" + askers.get(0)
                + (askers.size() > 1 ? " and " + (askers.size() - 1) + " more" : "") + ")";
    }

    private Set<String> names(URI page) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(page);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            return names(HttpAnswer.of(request.build(), timeout, MOST_BYTES));
        } catch (IOException e) {
            throw new IOException(
                    "page of metrics " + HttpAnswer.shown(page) + " cannot be read: " + FlagText.printable(e), e);
        }
    }

    private static Set<String> names(HttpAnswer answer) throws IOException {
        if (answer.status() != 200) {
            throw new IOException("it answers with status " + answer.status());
        }
        if (answer.cut()) {
            throw new IOException("it has more than " + MOST_BYTES + " bytes");
        }
        return MetricsPage.names(new StringReader(answer.body()));
    }
}
