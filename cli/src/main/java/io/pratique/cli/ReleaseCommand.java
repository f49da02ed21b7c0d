package io.pratique.cli;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.ReleaseHistory;
import io.pratique.release.ReleaseRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs releases that end done in whole or undone in whole. */
@Command(
        name = "release",
        addMethodSubcommands = false,
        description = "Releases by a plan, in whole or not at all, and tells of releases.",
        footer = ReleaseExitCode.HELP)
final class ReleaseCommand {

    private static final String FORMAT = "text or json.";

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // the parser of the command line sets what it is annotated with
    ReleaseCommand() {}

    @Command(name = "plan", description = "Prints the steps of a release.", footer = ReleaseExitCode.HELP)
    int plan(
            @Mixin PlanOptions options,
            @Mixin ReleasedVersion version,
            @Option(names = "--format", defaultValue = "text", description = FORMAT) Format format) {
        return rehearsed(options, version, format, Rehearsing::tellPlan);
    }

    @Command(
            name = "check",
            description =
                    "Runs the checks before the first change, up to one that fails, and prints a GO / NO-GO report.",
            footer = ReleaseExitCode.HELP)
    int check(
            @Mixin PlanOptions options,
            @Mixin ReleasedVersion version,
            @Option(names = "--format", defaultValue = "text", description = "text, which is Markdown, or json.")
                    Format format) {
        return rehearsed(options, version, format, Rehearsing::tellReadiness);
    }

    @Command(name = "run", description = "Releases a version.", footer = ReleaseExitCode.HELP)
    int run(
            @Mixin PlanOptions options,
            @Mixin ReleasedVersion version,
            @Mixin LockOptions lock,
            @Option(names = "--dry-run", description = "Only tell the plan and what its checks say. Changes nothing.")
                    boolean dryRun,
            @Option(names = "--format", defaultValue = "text", description = FORMAT) Format format) {
        return dryRun
                ? rehearsed(options, version, format, Rehearsing::tellAll)
                : releasing(options, lock, format, releasing -> releasing.run(version.text()));
    }

    @Command(
            name = "resume",
            description = "Goes on with the release that a crash or a doubt has ended.",
            footer = ReleaseExitCode.HELP)
    int resume(
            @Mixin PlanOptions options,
            @Mixin LockOptions lock,
            @Option(names = "--format", defaultValue = "text", description = FORMAT) Format format) {
        return releasing(options, lock, format, Releasing::resume);
    }

    @Command(
            name = "rollback",
            description = {
                "Undoes the release that a crash or a doubt has ended, or else the one that was done last.",
                "Exit code 0 if it is undone."
            },
            footer = ReleaseExitCode.HELP)
    int rollback(
            @Mixin PlanOptions options,
            @Mixin LockOptions lock,
            @Option(
                            names = {"-r", "--reason"},
                            paramLabel = "WHY",
                            required = true,
                            description = "Why, for whoever reads the journal.")
                    String reason,
            @Option(names = "--format", defaultValue = "text", description = FORMAT) Format format) {
        return releasing(options, lock, format, releasing -> releasing.rollBack(reason));
    }

    @Command(
            name = "status",
            description = "Tells the current version, a release under way, the lock, and the last releases.",
            footer = ReleaseExitCode.HELP)
    int status(
            @Mixin PlanOptions options,
            @Mixin MetricsOptions metrics,
            @Option(names = "--format", defaultValue = "text", description = FORMAT) Format format) {
        Telling telling = telling(format);
        return telling.codeOf(() -> {
            try (ReleasePlan plan = options.planIfAny()) {
                ReleasePlace place = plan.place();
                ReleaseStatus status = ReleaseStatus.of(place);
                metrics.deliver(place);
                return telling.answer(ReleaseExitCode.OK, status.toText(), status.toJson());
            }
        });
    }

    @Command(
            name = "report",
            description = "Prints all that the journal of a release tells; delivers or closes incidents.",
            footer = ReleaseExitCode.HELP)
    int report(
            @Mixin PlanOptions options,
            @Parameters(
                            paramLabel = "ID",
                            arity = "0..1",
                            description = "Which release, such as 7-v1.2.4. Unless given, the newest.")
                    @Nullable String id,
            @Mixin IncidentOptions incidents,
            @Option(names = "--format", defaultValue = "text", description = "text, which is Markdown, or json.")
                    Format format) {
        Telling telling = telling(format);
        return telling.codeOf(() -> {
            try (ReleasePlan plan = options.planIfAny()) {
                if (incidents.isAsked()) {
                    return incidents.code(plan.incidents(), telling);
                }
                ReleaseRecord release = find(plan.place(), id);
                return telling.answer(
                        ReleaseExitCode.OK,
                        ReleaseLines.reportMarkdown(release),
                        ReleaseLines.reportJson(release).toPrettyString());
            }
        });
    }

    private static ReleaseRecord find(ReleasePlace place, @Nullable String id) throws Exception {
        List<ReleaseRecord> releases = ReleaseHistory.in(place.directory()).releases();
        return releases.stream()
                .filter(release -> id == null || release.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no release "
                        + (id == null ? "" : "\"" + FlagText.printable(id, 200) + "\" ") + "in \"" + place.directory()
                        + "\", but "
                        + releases.stream().map(ReleaseRecord::id).limit(10).toList()));
    }

    /** What is done and may throw. */
    @FunctionalInterface
    private interface Deed<T> {
        int with(T with) throws Exception;
    }

    private int rehearsed(PlanOptions options, ReleasedVersion version, Format format, Deed<Rehearsing> deed) {
        try (StopOnSignal signal = new StopOnSignal()) {
            signal.stopBy(Thread.currentThread()::interrupt);
            Telling telling = telling(format);
            return signal.ended(telling.codeOf(() -> {
                try (ReleasePlan plan = options.plan()) {
                    return deed.with(new Rehearsing(plan, version.text(), telling));
                }
            }));
        }
    }

    private int releasing(PlanOptions options, LockOptions lock, Format format, Deed<Releasing> deed) {
        try (StopOnSignal signal = new StopOnSignal()) {
            Telling telling = telling(format);
            return signal.ended(telling.codeOf(() -> deed.with(new Releasing(options, lock, telling, signal))));
        }
    }

    private Telling telling(Format format) {
        return new Telling(spec, format);
    }
}
