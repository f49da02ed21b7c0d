package io.pratique.cli;

import io.pratique.release.LockState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells who has the right to release, and takes it away. */
@Command(
        name = "lock",
        addMethodSubcommands = false,
        description = "Tells who has the right to release, and takes it away.",
        footer = ReleaseExitCode.HELP)
final class LockCommand {

    private static final String FREE = "nobody holds the lock";

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // the parser of the command line sets what it is annotated with
    LockCommand() {}

    @Command(name = "status", description = "Tells who holds the lock.", footer = ReleaseExitCode.HELP)
    int status(
            @Mixin PlanOptions options,
            @Mixin PostgresOptions postgres,
            @Option(names = "--format", defaultValue = "text", description = "text or json.") Format format) {
        Telling telling = new Telling(spec, format);
        return telling.codeOf(() -> postgres.lock(options, lock -> {
            LockState state = lock.state();
            return telling.answer(
                    ReleaseExitCode.OK,
                    state == null ? FREE : state.toString(),
                    ReleaseLines.object()
                            .set("lock", state == null ? null : ReleaseLines.lockJson(state))
                            .toPrettyString());
        }));
    }

    @Command(
            name = "break",
            description = "Takes the lock away from whoever holds it: a release that lives on begins no further step.",
            footer = ReleaseExitCode.HELP)
    int breakLock(
            @Mixin PlanOptions options,
            @Mixin PostgresOptions postgres,
            @Option(
                            names = {"-r", "--reason"},
                            paramLabel = "WHY",
                            required = true,
                            description = "Why, for whoever wonders.")
                    String reason,
            @Option(
                            names = "--by",
                            paramLabel = "NAME",
                            defaultValue = "${sys:user.name}",
                            description = "Who does it. Unless given, the user of this process.")
                    String by,
            @Option(names = "--format", defaultValue = "text", description = "text or json.") Format format) {
        Telling telling = new Telling(spec, format);
        return telling.codeOf(() -> postgres.lock(options, lock -> {
            if (reason.isBlank()) {
                throw new IllegalArgumentException("--reason must not be blank; say why the lock is broken");
            }
            LockState broken = lock.breakLock(by, reason);
            telling.print(
                    broken == null ? FREE + ", so there was nothing to break" : "taken away: " + broken,
                    ReleaseLines.object()
                            .set("broken", broken == null ? null : ReleaseLines.lockJson(broken))
                            .toPrettyString());
            return ReleaseExitCode.OK;
        }));
    }
}
