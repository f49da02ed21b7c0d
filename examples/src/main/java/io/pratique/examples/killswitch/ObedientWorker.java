package io.pratique.examples.killswitch;

import io.pratique.flags.FlagClient;
import io.pratique.flags.SourceStatus;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process that obeys a flag, and says when it heard of each change. It ends when its input does. */
public final class ObedientWorker {

    private ObedientWorker() {}

    /**
     * Runs the worker.
     *
     * @param args the server's URL and the flag key
     * @throws IOException if its input cannot be read
     */
    public static void main(String[] args) throws IOException {
        try (FlagClient flags =
                FlagClient.builder().source(SharedFlags.source(args[0])).build()) {
            var unused = flags.onChange(change -> {
                if (change.key().equals(args[1])) {
                    System.out.println("heard " + KillSwitch.micros(InstantSource.system()) + " " + change.after());
                }
            });
            while (!isPushed(flags)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            System.out.println("ready " + flags.evaluate(args[1]));
            while (System.in.read() >= 0) {
                // Until whoever started this process goes.
            }
        }
    }

    private static boolean isPushed(FlagClient flags) {
        SourceStatus status = flags.sources().get(0);
        return status.pushed() && status.state() == SourceStatus.State.READY;
    }
}
