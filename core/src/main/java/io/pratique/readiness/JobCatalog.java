package io.pratique.readiness;

import io.pratique.flags.spi.FlagText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A classification of jobs, to be handed to a gate as a whole: what every job needs, and what each needs besides.
 * Immutable.
 *
 * @param always the dependencies that every job needs
 * @param jobs the jobs, of different names
 */
public record JobCatalog(List<String> always, List<Job> jobs) {

    private static final JobCatalog PRESET = new JobCatalog(
            List.of("database"),
            List.of(
                    Job.of("outbox-dispatcher").flag("outbox-processing"),
                    Job.of("webhook-dispatcher").flag("webhook-processing").needs("secrets"),
                    Job.of("cleanup-runner").flag("cleanup").needs("storage"),
                    Job.of("voice-runner").flag("voice-retry").needs("secrets")));

    /**
     * Checks and copies.
     *
     * @param always the names of probes
     * @param jobs refused if two have one name
     */
    public JobCatalog {
        always = Job.given("names of dependencies", always).stream()
                .map(name -> Job.requireName("dependency name", name))
                .distinct()
                .toList();
        jobs = List.copyOf(byName(jobs).values());
    }

    private static Map<String, Job> byName(List<Job> jobs) {
        Map<String, Job> byName = new LinkedHashMap<>();
        for (Job job : Job.given("jobs", jobs)) {
            if (byName.putIfAbsent(Job.given("job", job).name(), job) != null) {
                throw new IllegalArgumentException(
                        "job \"" + FlagText.printable(job.name()) + "\" is declared twice; declare it once");
            }
        }
        return byName;
    }

    /**
     * The classification that grew in production: every job needs {@code database}; {@code cleanup-runner} also needs
     * {@code storage}; {@code webhook-dispatcher} and {@code voice-runner} also need {@code secrets};
     * {@code outbox-dispatcher} needs the database only. Their flags are {@code cleanup}, {@code webhook-processing},
     * {@code voice-retry} and {@code outbox-processing}.
     *
     * @return always the same instance
     */
    public static JobCatalog preset() {
        return PRESET;
    }

    /**
     * A part of this catalogue, for a process that runs some of the jobs and has probes for these only.
     *
     * @param names the jobs to keep
     * @return a new catalogue
     * @throws IllegalArgumentException if a name is not in this catalogue
     */
    public JobCatalog only(String... names) {
        Map<String, Job> byName = byName(jobs);
        List<Job> kept = new ArrayList<>();
        for (String name : Arrays.asList(Job.given("names of jobs", names))) {
            Job job = byName.get(name);
            if (job == null) {
                throw new IllegalArgumentException("job \"" + FlagText.printable(String.valueOf(name))
                        + "\" is not in this catalogue; it has " + Job.shown(byName.keySet()));
            }
            kept.add(job);
        }
        return new JobCatalog(always, kept);
    }
}
