package io.pratique.examples.release;

import io.pratique.release.ReleaseHistory;
import io.pratique.release.ReleaseRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Releases a worker with the {@code pratique} command, on a real PostgreSQL, with real processes: well, with a mistake, with
 * a kill in the middle, and twice at once. Exits with 0 only if the worker was exactly old or exactly new each time. With
 * {@code --serve} the worker stays for commands by hand.
 */
public final class ReleaseTour {

    private static final int WIDTH = 110;

    private final PrintStream out;
    private final RunningSite running;
    private boolean asTold = true;

    private ReleaseTour(PrintStream out, RunningSite running) {
        this.out = out;
        this.running = running;
    }

    /**
     * Runs the tour.
     *
     * @param args {@code --serve} to keep the worker afterwards
     * @throws Exception if a server, a process or a file fails
     */
    public static void main(String[] args) throws Exception {
        List<String> options = List.of(args);
        if (!List.of("--serve").containsAll(options)) {
            System.err.println("usage: release [--serve]");
            System.exit(2);
        }
        System.out.println("Starting PostgreSQL ...");
        boolean asTold;
        try (RunningSite running = RunningSite.start()) {
            ReleaseTour tour = new ReleaseTour(System.out, running);
            asTold = tour.run();
            if (options.contains("--serve")) {
                tour.serve();
            }
        }
        System.exit(asTold ? 0 : 1);
    }

    private boolean run() throws IOException, SQLException, InterruptedException {
        title("v1, the first, and v2: good releases");
        release("v1");
        expect("v1", "1_outbox");
        release("v2");
        expect("v2", "2_topic");

        title("v3: its migration drops a column that its backend asks for. All is undone, the column's rows too");
        WorkerState before = running.state();
        release("v3");
        expect("v2", "2_topic");
        check(running.state().equals(before), "exactly what was there before");

        title("v4: killed with kill -9 once the backend is new. Nothing else begins until it is resumed");
        PratiqueProcess killed = start("run", "--version", "v4");
        killed.awaitLine("] backend, verification done");
        killed.kill();
        out.println("  killed");
        release("v5");
        end("resume", start("resume"));
        expect("v4", "3_attempts");

        title("v5 and v6 at once: the second waits for the first");
        PratiqueProcess first = start("run", "--version", "v5");
        first.awaitLine("] connection");
        PratiqueProcess second = start("run", "--version", "v6");
        end("run v5", first);
        end("run v6", second);
        List<ReleaseRecord> last = ReleaseHistory.in(running.site().releases()).releases();
        Instant firstEnded = Objects.requireNonNull(last.get(1).endedAt());
        check(!last.get(0).begunAt().isBefore(firstEnded), "the second began when the first had ended");
        expect("v6", "3_attempts");
        return asTold;
    }

    private void title(String title) {
        out.println();
        out.println(title);
    }

    private PratiqueProcess start(String... words) throws IOException {
        return new PratiqueProcess(running.site(), words);
    }

    private void release(String version) throws IOException, InterruptedException {
        end("run " + version, start("run", "--version", version));
    }

    /** What the command says last is what became of it. */
    private void end(String what, PratiqueProcess command) throws IOException, InterruptedException {
        String last = "";
        for (String line = command.line(); line != null; line = command.line()) {
            if (line.contains(" FAILED in ") || line.startsWith("[ROLLBACK]")) {
                out.println("  " + (line.length() > WIDTH ? line.substring(0, WIDTH) + " ..." : line));
            }
            last = line;
        }
        out.println("  release " + what + ": " + last.replaceFirst(" --plan .*", " ..."));
    }

    private void expect(String version, String migration) throws SQLException, IOException {
        WorkerState state = running.state();
        out.println("  " + state);
        check(state.isOf(version, migration), "all of it is " + version);
    }

    private void check(boolean so, String what) {
        asTold &= so;
        out.println((so ? "  yes: " : "  NO, not so: ") + what);
    }

    private void serve() throws IOException {
        out.println();
        out.println("The worker stays until you press return. From another shell:");
        out.println(
                "  export CI=true " + WorkerSite.VARIABLE + "=" + running.site().home());
        out.println("  pratique release status --plan " + WorkerRelease.class.getName()
                + " --classpath examples/target/classes");
        while (System.in.read() != '\n') {
            // Whatever else is typed.
        }
    }
}
