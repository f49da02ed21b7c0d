package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.InconclusiveException;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Looks whether all parts of what was deployed are in good health. Every check is run, also after one that fails; each
 * is told of by its category, and what has failed is thrown together. Immutable; each setter gives a new verification.
 *
 * <pre>{@code
 * HealthVerification.of(BACKEND, "api", HttpCheck.of(api).version("/version"))
 *         .and(DATABASE, "main", ProbeCheck.of("main", JdbcProbe.of(dataSource)))
 *         .and(EXTERNAL, "payments", HttpCheck.of(payments))
 * }</pre>
 *
 * <p>A critical check is tried three times, others twice, five seconds apart unless set. Which are critical their category
 * says, unless that is set. A failing check of the category {@link Category#EXTERNAL} is only told of.
 */
public final class HealthVerification implements StepAction {

    private static final int CRITICAL_TIMES = 3;
    private static final int USUAL_TIMES = 2;
    private static final Duration USUAL_PAUSE = Duration.ofSeconds(5);
    private static final int SHOWN = 100;
    private static final int DETAIL = 300;

    /** What a check looks at. */
    public enum Category {
        /** What serves the users' requests or does the work; critical. */
        BACKEND,
        /** What the users see; critical. */
        FRONTEND,
        /** Where the data are; critical. */
        DATABASE,
        /** Where copies of data are; critical. */
        CACHE,
        /** What others run: its failure is told of, and fails nothing. */
        EXTERNAL,
        /** Disks, processors, memory. */
        SYSTEM_RESOURCES;

        boolean isCritical() {
            return this != EXTERNAL && this != SYSTEM_RESOURCES;
        }
    }

    private final List<Named> checks;
    private final Duration pause;

    private record Named(Category category, String name, StepAction action, boolean critical) {

        String shown() {
            return category.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " \"" + FlagText.printable(name, SHOWN)
                    + "\"";
        }

        int times() {
            return critical ? CRITICAL_TIMES : USUAL_TIMES;
        }
    }

    private HealthVerification(List<Named> checks, Duration pause) {
        this.checks = checks;
        this.pause = pause;
    }

    /**
     * A verification of one thing.
     *
     * @param category what kind of thing it is
     * @param name of the thing, unique in the verification
     * @param check throws if it is not in good health; run as often as said, so a {@link ProbeCheck} asks once each time
     * @return the verification
     * @throws IllegalArgumentException if one of them is null or the name is blank
     */
    public static HealthVerification of(Category category, String name, StepAction check) {
        return new HealthVerification(List.of(), USUAL_PAUSE).and(category, name, check);
    }

    /**
     * The same verification of one thing more.
     *
     * @param category as in {@link #of}
     * @param name as in {@link #of}
     * @param check as in {@link #of}
     * @return a new verification
     * @throws IllegalArgumentException if one of them is null, or the name is blank or there already
     */
    public HealthVerification and(Category category, String name, StepAction check) {
        if (category == null || name == null || name.isBlank() || check == null) {
            throw new IllegalArgumentException("a health check needs a category, a name and an action, but has \""
                    + category + "\", \"" + FlagText.printable(String.valueOf(name)) + "\" and \""
                    + (check == null ? "null" : "an action") + "\"");
        }
        if (checks.stream().anyMatch(each -> each.name().equals(name))) {
            throw new IllegalArgumentException(
                    "health check \"" + FlagText.printable(name) + "\" is there twice; give each a name of its own");
        }
        StepAction once = check instanceof ProbeCheck probe ? probe.times(1) : check;
        List<Named> more = new ArrayList<>(checks);
        more.add(new Named(category, name, once, category.isCritical()));
        return new HealthVerification(List.copyOf(more), pause);
    }

    /**
     * The same verification with one check critical or not, whatever its category.
     *
     * @param name of the check
     * @param critical whether it is tried three times, rather than twice
     * @return a new verification
     * @throws IllegalArgumentException if there is no such check, or an external one were to be critical
     */
    public HealthVerification critical(String name, boolean critical) {
        Named named = checks.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no health check \"" + FlagText.printable(String.valueOf(name))
                                + "\"; add it before saying whether it is critical"));
        if (critical && named.category() == Category.EXTERNAL) {
            throw new IllegalArgumentException("health check \"" + FlagText.printable(name)
                    + "\" is external and fails nothing, so it is not critical; give it another category");
        }
        Named set = new Named(named.category(), named.name(), named.action(), critical);
        return new HealthVerification(
                checks.stream()
                        .map(each -> each.name().equals(name) ? set : each)
                        .toList(),
                pause);
    }

    /**
     * The same verification with another time between two attempts.
     *
     * @param pause from the end of one to the beginning of the next, an hour at most
     * @return a new verification
     * @throws IllegalArgumentException if it is null, negative or longer
     */
    public HealthVerification apart(Duration pause) {
        return new HealthVerification(checks, Attempts.requirePause(pause));
    }

    /**
     * Runs all checks, and tells of each at once what it found.
     *
     * @throws IllegalStateException with the names of all that have failed
     * @throws InconclusiveException if nothing has, but a check could not tell
     */
    @Override
    public void run(StepContext context) throws InconclusiveException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (Named check : checks) {
            run(check, context, findings);
        }
        judge(findings);
    }

    private void run(Named check, StepContext context, List<Finding> findings) throws InterruptedException {
        try {
            Attempts.of(check.action())
                    .times(check.times())
                    .apart(pause)
                    .run(new Retold(context, text -> context.tell(check.shown() + ": " + text)));
            context.tell(check.shown() + " passed");
        } catch (InterruptedException stopped) {
            throw stopped;
        } catch (Throwable thrown) {
            Finding finding = Finding.of(check, thrown);
            if (check.category() == Category.EXTERNAL) {
                context.tell("WARNING: " + finding.said());
            } else {
                context.tell((finding.failed() ? "FAILED: " : "INCONCLUSIVE: ") + finding.said());
                findings.add(finding);
            }
        }
    }

    /** What is known of a check that has not passed. */
    private record Finding(Named check, boolean failed, String detail) {

        static Finding of(Named check, Throwable thrown) {
            return thrown instanceof InconclusiveException unknown
                    ? new Finding(check, false, FlagText.printable(String.valueOf(unknown.getMessage()), DETAIL))
                    : new Finding(check, true, FlagText.printable(thrown));
        }

        String said() {
            return check.shown() + ": " + detail;
        }
    }

    private void judge(List<Finding> findings) throws InconclusiveException {
        List<Finding> failed = findings.stream().filter(Finding::failed).toList();
        if (!failed.isEmpty()) {
            throw new IllegalStateException("health checks failed: " + shown(failed));
        }
        if (!findings.isEmpty()) {
            throw new InconclusiveException("health checks cannot tell: " + shown(findings));
        }
    }

    /** The names alone, for a journal cuts long messages, and each has told by itself what it found. */
    private static String shown(List<Finding> findings) {
        return findings.stream().map(each -> each.check().shown()).collect(Collectors.joining(", "));
    }
}
