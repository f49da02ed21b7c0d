package io.pratique.health;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.flags.Flag;
import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagHandle;
import io.pratique.flags.Flags;
import io.pratique.flags.spi.FlagText;
import io.pratique.readiness.HealthReport;
import io.pratique.readiness.HealthReport.Status;
import io.pratique.readiness.ReadinessGate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /health/live}, {@code /health/ready}, {@code /health} and {@code /metrics}, on any server: {@link
 * HealthServer} for one, or a servlet or controller of the application's own.
 *
 * <pre>{@code
 * HealthEndpoints endpoints = HealthEndpoints.builder("worker", gate)
 *         .token(System.getenv("HEALTH_TOKEN"))
 *         .metrics(registry::scrape)
 *         .build();
 * HealthServer server = HealthServer.start(endpoints, 8081);
 * }</pre>
 *
 * <p>Health is read from memory: no answer of {@link #live}, {@link #ready} or {@link #health} waits for anything.
 * Immutable; all methods may be called by any thread, and throw nothing.
 */
public final class HealthEndpoints {

    /** The flag without which metrics are not given out. */
    public static final String METRICS_FLAG = "metrics";

    private static final HealthResponse NOT_FOUND = HealthResponse.text(404, "there is nothing here");
    private static final HealthResponse NOT_ALLOWED =
            HealthResponse.text(405, "only GET and HEAD are answered").header("Allow", "GET, HEAD");
    private static final HealthResponse UNAUTHORISED = HealthResponse.text(
                    401, "this needs the header Authorization: Bearer <token>")
            .header("WWW-Authenticate", "Bearer realm=\"health\"");
    private static final HealthResponse SWITCHED_OFF =
            HealthResponse.text(404, "the flag \"" + METRICS_FLAG + "\" is off");

    private final String service;
    private final ReadinessGate gate;
    private final @Nullable BearerToken token;
    private final @Nullable Scrape scrape;
    private final @Nullable FlagClient flags;
    private final @Nullable FlagHandle metricsFlag;
    private final HealthResponse live;

    private HealthEndpoints(Builder builder) {
        this.service = builder.service;
        this.gate = builder.gate;
        this.token = builder.token;
        this.scrape = builder.metrics == null ? null : new Scrape(builder.metrics);
        this.flags = builder.flags;
        this.metricsFlag = flags == null || scrape == null ? null : flags.handle(METRICS_FLAG);
        this.live = HealthResponse.json(200, HealthJson.live(service).toString());
    }

    /**
     * Starts to configure endpoints.
     *
     * @param service what the process is called in the answers
     * @param gate whose health is told; it stays the caller's, who closes it
     * @return a builder without a token and without metrics
     * @throws IllegalArgumentException if the name is null, blank or longer than 256 characters, or the gate is null
     */
    public static Builder builder(String service, ReadinessGate gate) {
        return new Builder(service, gate);
    }

    /**
     * Answers a request.
     *
     * @param method the HTTP method; {@code HEAD} is answered as {@code GET}, without the body
     * @param path the path as it was sent, without a query and below whatever the application is mounted at; null for
     *     none
     * @param authorization the value of the header {@code Authorization}; null if there is none
     * @return the answer: 404 for other paths, 405 for other methods
     */
    public HealthResponse answer(String method, @Nullable String path, @Nullable String authorization) {
        Supplier<HealthResponse> get = switch (path == null ? "" : path) {
            case "/health/live" -> this::live;
            case "/health/ready" -> this::ready;
            case "/health" -> () -> health(authorization);
            case "/metrics" -> () -> metrics(authorization);
            default -> () -> NOT_FOUND;
        };
        return switch (method) {
            case "GET" -> get.get();
            case "HEAD" -> get.get().withoutBody();
            default -> isKnown(path) ? NOT_ALLOWED : NOT_FOUND;
        };
    }

    /**
     * Whether the process works at all. Consults no dependency, no flag and no gate.
     *
     * @return always 200
     */
    public HealthResponse live() {
        return live;
    }

    /**
     * Whether the process should be sent work.
     *
     * @return 200 if {@link HealthReport#ready()}, else 503
     */
    public HealthResponse ready() {
        HealthReport report = gate.health();
        return HealthResponse.json(
                report.ready() ? 200 : 503, HealthJson.ready(service, report).toString());
    }

    /**
     * How the process and all it depends on are. With the right token the answer has details besides: what was found
     * last of each dependency, the jobs, and the sources of the flag client.
     *
     * @param authorization the value of the header {@code Authorization}; null if there is none
     * @return 503 if unhealthy, else 200; the same, without details, for a wrong token
     */
    public HealthResponse health(@Nullable String authorization) {
        HealthReport report = gate.health();
        boolean details = isAuthorised(authorization);
        ObjectNode json = HealthJson.full(service, report, details);
        if (details) {
            ObjectNode jobs = json.putObject("jobs");
            gate.jobs().forEach(job -> jobs.set(job.job(), HealthJson.job(job, gate.decide(job.job()))));
        }
        if (details && flags != null) {
            ObjectNode sources = json.putObject("sources");
            flags.sources().forEach(source -> sources.set(source.name(), HealthJson.source(source)));
        }
        return HealthResponse.json(report.status() == Status.UNHEALTHY ? 503 : 200, json.toString());
    }

    /**
     * The metrics, in the text format of Prometheus.
     *
     * @param authorization the value of the header {@code Authorization}; null if there is none
     * @return 200; 401 without the right token; 404 if there are no metrics or the flag {@value #METRICS_FLAG} is off; 500
     *     if they cannot be told; 503 while others wait for them
     */
    public HealthResponse metrics(@Nullable String authorization) {
        if (scrape == null) {
            return NOT_FOUND;
        }
        if (!isAuthorised(authorization)) {
            return UNAUTHORISED;
        }
        return isMetricsFlagOn() ? scrape.answer() : SWITCHED_OFF;
    }

    private boolean isKnown(@Nullable String path) {
        return "/health".equals(path)
                || "/health/live".equals(path)
                || "/health/ready".equals(path)
                || ("/metrics".equals(path) && scrape != null);
    }

    private boolean isAuthorised(@Nullable String authorization) {
        return token != null && token.isIn(authorization);
    }

    private boolean isMetricsFlagOn() {
        try {
            return metricsFlag == null ? Flags.isEnabled(METRICS_FLAG) : metricsFlag.isEnabled();
        } catch (IllegalArgumentException undeclaredInStrictMode) {
            return true;
        }
    }

    /** The service's name. */
    @Override
    public String toString() {
        return "HealthEndpoints[" + FlagText.printable(service, Flag.MAX_KEY_LENGTH) + "]";
    }

    /** Configures {@link HealthEndpoints}. Each setter checks what it is given. Not for use by several threads at once. */
    public static final class Builder {

        private final String service;
        private final ReadinessGate gate;
        private @Nullable BearerToken token;
        private @Nullable Supplier<String> metrics;
        private @Nullable FlagClient flags;

        private Builder(String service, ReadinessGate gate) {
            if (!FlagText.isKey(service)) {
                throw new IllegalArgumentException("service name must be 1 to " + Flag.MAX_KEY_LENGTH
                        + " characters and not blank, but is \"" + FlagText.printable(String.valueOf(service))
                        + "\"; give it a short name such as \"worker\"");
            }
            this.service = service;
            this.gate = given("gate", gate);
        }

        /**
         * Lets those who know the token see details and metrics. It is compared in constant time and never shown.
         *
         * @param token 1 to 1,024 of the characters that a bearer token may have: letters, digits and {@code -._~+/}, with
         *     {@code =} at the end
         * @return this builder
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder token(String token) {
            this.token = BearerToken.of(token);
            return this;
        }

        /**
         * Where metrics come from, such as {@code registry::scrape} of a Prometheus registry. At most two requests ask it
         * at once.
         *
         * @param metrics gives them in the text format of Prometheus; asked for each scrape, on the request's thread,
         *     which is interrupted if that takes too long; may throw
         * @return this builder
         */
        public Builder metrics(Supplier<String> metrics) {
            this.metrics = given("metrics", metrics);
            return this;
        }

        /**
         * Where the flag {@value #METRICS_FLAG} is asked for, and whose sources are shown with the details; unless set,
         * the flag is asked for at {@link Flags#client()} each time.
         *
         * @param flags stays the caller's, who closes it
         * @return this builder
         */
        public Builder flags(FlagClient flags) {
            this.flags = given("flags", flags);
            return this;
        }

        /**
         * Builds the endpoints.
         *
         * @return endpoints that need no closing
         * @throws IllegalArgumentException if there are metrics but no token, or the flag {@value #METRICS_FLAG} is
         *     refused by a strict flag client
         */
        public HealthEndpoints build() {
            if (metrics != null && token == null) {
                throw new IllegalArgumentException("metrics of \"" + FlagText.printable(service)
                        + "\" need a token, but none is set, so anybody could read them; set one with token(..), or leave"
                        + " metrics(..) out");
            }
            return new HealthEndpoints(this);
        }

        private static <T> T given(String subject, @Nullable T value) {
            if (value == null) {
                throw new IllegalArgumentException(
                        subject + " of health endpoints must be given, but is \"null\"; give "
                                + "one, or leave the setter out");
            }
            return value;
        }
    }
}
