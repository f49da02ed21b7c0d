package io.pratique.examples.killswitch;

import io.pratique.flags.spi.Attribution;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** Turns a flag on or off from a shell. */
public final class FlagCommand {

    private FlagCommand() {}

    /**
     * Runs the command.
     *
     * @param args the server's URL; {@code on} or {@code off}; the flag key; the reason; optionally for how long, such as
     *     {@code PT2H}
     */
    public static void main(String[] args) {
        if (args.length < 4 || args.length > 5 || !Set.of("on", "off").contains(args[1])) {
            System.err.println("usage: flag <url> on|off <key> <reason> [<duration, such as PT2H>]");
            System.exit(2);
        }
        Attribution by = Attribution.of(System.getProperty("user.name"), args[3]);
        try (FlagStore store = SharedFlags.store(args[0])) {
            // The first use connects; what is measured from here on is the change itself.
            var unused = store.history(args[2], 1);
            System.out.println("writing " + KillSwitch.micros(InstantSource.system()));
            FlagRevision made = args.length == 5
                    ? store.set(args[2], args[1], Duration.parse(args[4]), by)
                    : store.set(args[2], args[1], by);
            System.out.println("written " + KillSwitch.micros(InstantSource.system()));
            System.out.println(made.key() + " is " + made.value() + " since " + made.changedAt() + ", version "
                    + made.version() + ", by " + by.actor() + ": " + by.reason());
        }
    }
}
