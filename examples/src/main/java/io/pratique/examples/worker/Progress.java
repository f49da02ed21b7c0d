package io.pratique.examples.worker;

import io.pratique.readiness.HealthReport;
import io.pratique.readiness.Outcome;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a worker's jobs have done since the last time somebody asked for the beginning. */
final class Progress {

    /** A run that was under way when something changed may still end; more than that means that the job goes on. */
    private static final int GOES_ON = 3;

    private final Worker worker;
    private final Map<String, Long> before = new HashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();

    Progress(Worker worker) {
        this.worker = worker;
    }

    /** Counts from here. */
    void begin() {
        worker.jobs().forEach(job -> before.put(job, worker.runs(job)));
    }

    private boolean goesOn(String job) {
        return worker.gate().shouldRun(job) && worker.runs(job) - before.getOrDefault(job, 0L) >= GOES_ON;
    }

    /** Whether the gate holds a job back, and it has not run since the last look. */
    private boolean isSkipped(String job) {
        Long runs = worker.runs(job);
        return runs.equals(before.put(job, runs)) && !worker.gate().shouldRun(job);
    }

    /** Whether the gate has noticed that a check itself is broken. */
    boolean isBroken(String dependency) {
        return worker.gate().health().checks().stream()
                .anyMatch(check -> check.name().equals(dependency) && check.outcome() == Outcome.BROKEN);
    }

    boolean isHealthy() {
        return worker.gate().health().status() == HealthReport.Status.HEALTHY;
    }

    /** What an orchestrator is told; nothing if nobody answers. */
    int readyStatus() {
        HttpRequest ready = HttpRequest.newBuilder(worker.monitoring().at("/health/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    boolean allRun(List<String> jobs) {
        return jobs.stream().allMatch(this::goesOn);
    }

    boolean allSkipped(List<String> jobs) {
        return jobs.stream().map(this::isSkipped).reduce(true, Boolean::logicalAnd);
    }

    boolean onlySkipped(String job) {
        boolean othersGoOn = true;
        for (String other : worker.jobs()) {
            othersGoOn &= other.equals(job) || goesOn(other);
        }
        return isSkipped(job) && othersGoOn;
    }
}
