package io.pratique.release.steps;

import io.pratique.flags.spi.FlagText;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A process that is started, read, and ended with all that it has started. For one thread. */
final class ChildProcess implements AutoCloseable {

    private static final int LINES = 20;
    private static final int LINE_LENGTH = 300;
    private static final int SHOWN = 1_000;
    private static final Duration REST = Duration.ofSeconds(2);

    /**
     * Runs a command in a session of its own, and ends that session as soon as nobody holds this shell's input any more,
     * as when the JVM was killed. What has ended by itself ends the shell, with the same exit code. A signal to all that was
     * started from a terminal, which is meant for the JVM, ends neither: a rollback is not broken by a second one.
     *
     * <p>It begins with the first line of its input. It ends after all of the session that was asked to end, for what does
     * not end with the command is killed by the keeper.
     */
    private static final String KEEPER = """
            trap '' HUP INT QUIT TERM
            read -r begin || exit
            trap : HUP INT QUIT TERM
            ending=
            trap 'ending=yes' USR2
            exec 3<&0
            setsid "$@" </dev/null 3<&- &
            child=$!
            {
              trap '' HUP INT QUIT TERM
              read -r end <&3
              kill -s USR2 "$$"
              kill -s TERM -- "-$child"
              i=0
              while [ "$i" -lt "$0" ] && kill -s 0 -- "-$child"; do sleep 0.1; i=$((i + 1)); done
              kill -s KILL -- "-$child"
            } >/dev/null 2>&1 &
            keeper=$!
            # What a shell says of a command that was killed would kill the shell, if nobody reads it any more.
            exec 3<&- >/dev/null 2>&1
            while
              wait "$child"
              code=$?
              kill -s 0 "$child"
            do :; done
            [ "$ending" ] || kill -s KILL "$keeper"
            while
              wait "$keeper"
              kill -s 0 "$keeper"
            do :; done
            exit "$code"
            """;

    private final String name;
    private final Process process;
    private final boolean kept;
    private final @Nullable PidFile pidFile;
    private final Duration grace;
    private final Consumer<String> lines;
    private final Deque<String> last = new ArrayDeque<>();
    private final Thread reader;

    private ChildProcess(
            String name,
            Process process,
            boolean kept,
            @Nullable PidFile pidFile,
            Duration grace,
            InputStream read,
            Consumer<String> lines) {
        this.name = name;
        this.process = process;
        this.kept = kept;
        this.pidFile = pidFile;
        this.grace = grace;
        this.lines = lines;
        this.reader = new Thread(() -> drain(read), "pratique-command-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a command without input, whose output is only told of; it ends with this JVM where that can be had.
     *
     * @param builder with the command and its environment
     * @param grace from asking the process to end to killing it
     * @param marked where it is marked as long as it runs
     * @throws IOException if there is no such program, or it cannot be started
     */
    static ChildProcess start(ProcessBuilder builder, Duration grace, Path marked) throws IOException {
        return start(builder, grace, line -> {}, marked);
    }

    /** As {@link #start(ProcessBuilder, Duration, Path)}, without a mark. */
    static ChildProcess start(ProcessBuilder builder, Duration grace) throws IOException {
        return start(builder, grace, line -> {});
    }

    /** As {@link #start(ProcessBuilder, Duration)}, with each line of the output given to somebody, cut after 300 characters. */
    static ChildProcess start(ProcessBuilder builder, Duration grace, Consumer<String> lines) throws IOException {
        return start(builder, grace, lines, null);
    }

    private static ChildProcess start(
            ProcessBuilder builder, Duration grace, Consumer<String> lines, @Nullable Path marked) throws IOException {
        String name = program(builder);
        boolean kept = Files.isExecutable(Path.of("/bin/sh"))
                && found("setsid", builder.environment().get("PATH"));
        if (kept) {
            List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", KEEPER, "" + grace.toMillis() / 100));
            command.addAll(builder.command());
            builder.command(command);
        }
        Process process = builder.redirectErrorStream(true).start();
        PidFile pidFile = kept && marked != null ? PidFile.of(marked, process.pid()) : null;
        letBegin(process, kept);
        return new ChildProcess(name, process, kept, pidFile, grace, process.getInputStream(), lines);
    }

    private static void letBegin(Process process, boolean kept) {
        try {
            if (kept) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            } else {
                process.getOutputStream().close();
            }
        } catch (IOException ended) {
            // Its exit code tells.
        }
    }

    /**
     * Starts a command whose input the caller writes, or whose output the caller reads; what it says on its standard error
     * is told of. It ends with this JVM as far as it notices that nobody writes or reads any more.
     */
    static ChildProcess piped(ProcessBuilder builder, Duration grace) throws IOException {
        String name = program(builder);
        Process process = builder.start();
        return new ChildProcess(name, process, false, null, grace, process.getErrorStream(), line -> {});
    }

    private static String program(ProcessBuilder builder) throws IOException {
        String program = builder.command().get(0);
        String path = builder.environment().get("PATH");
        boolean there = program.indexOf(File.separatorChar) >= 0
                ? Files.isExecutable(
                        builder.directory() == null
                                ? Path.of(program)
                                : builder.directory().toPath().resolve(program))
                : found(program, path);
        if (!there) {
            throw new IOException("program \"" + FlagText.printable(program, 200)
                    + "\" is not there, or may not be run; install it, or have PATH lead to it, which is \""
                    + FlagText.printable(String.valueOf(path), 100) + "\"");
        }
        return "\"" + FlagText.printable(program, 200) + "\"";
    }

    private static boolean found(String program, @Nullable String path) {
        return path != null
                && Stream.of(path.split(File.pathSeparator, -1))
                        .anyMatch(entry -> Files.isExecutable(Path.of(entry).resolve(program))
                                && !Files.isDirectory(Path.of(entry).resolve(program)));
    }

    private void drain(InputStream read) {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(read, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int c = text.read(); c >= 0; c = text.read()) {
                if (c == '\n' || c == '\r') {
                    keep(line);
                } else if (line.length() < LINE_LENGTH) {
                    line.append((char) c);
                }
            }
            keep(line);
        } catch (IOException closed) {
            // The process is gone, and its output with it.
        }
    }

    private void keep(StringBuilder line) {
        if (line.length() > 0) {
            lines.accept(line.toString());
            synchronized (last) {
                last.addLast(FlagText.printable(line.toString(), LINE_LENGTH));
                if (last.size() > LINES) {
                    last.removeFirst();
                }
            }
        }
        line.setLength(0);
    }

    /** What the process reads, if {@link #piped}. */
    OutputStream input() {
        return process.getOutputStream();
    }

    /** What the process writes, if {@link #piped}. */
    InputStream output() {
        return process.getInputStream();
    }

    /**
     * Waits for the end of the process.
     *
     * @return its exit code
     * @throws InterruptedException if this thread is interrupted; the process goes on until {@link #close}
     */
    int await() throws InterruptedException {
        int code = process.waitFor();
        // Something that goes on in the background may hold the output open for ever.
        reader.join(REST.toMillis());
        return code;
    }

    /** Throws unless the process ends with exit code 0. */
    void awaitSuccess() throws InterruptedException, IOException {
        int code = await();
        if (code != 0) {
            throw new IOException(name + " ended with exit code " + code + said());
        }
    }

    /** The last lines that the process has said, the very last ones if they are many; nothing if it was silent. */
    String said() {
        synchronized (last) {
            String all = String.join(" | ", last);
            String end = all.length() > SHOWN ? "…" + all.substring(all.length() - SHOWN) : all;
            return end.isEmpty() ? "" : ": " + end;
        }
    }

    /**
     * Ends the process, if it has not ended, and all that it has started: asks first, and kills what is still there after the
     * grace. It has returned when nothing of it is left, as far as can be told.
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        if (process.isAlive()) {
            List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
            // The keeper asks its session to end; it must live to kill what does not.
            List<ProcessHandle> spared = kept ? process.children().toList() : List.of();
            letGoOfInput();
            all.stream().filter(handle -> !spared.contains(handle)).forEach(ProcessHandle::destroy);
            if (!kept) {
                process.destroy();
            }
            all.add(process.toHandle());
            interrupted |= awaitEnd(all, grace.plus(kept ? REST : Duration.ZERO));
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            all.forEach(ProcessHandle::destroyForcibly);
            interrupted |= awaitEnd(all, REST);
        }
        if (pidFile != null && !process.isAlive()) {
            pidFile.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void letGoOfInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException broken) {
            // It reads no more, which is what is wanted.
        }
    }

    /** Whether this thread was told to hurry meanwhile, which ends the waiting. */
    private static boolean awaitEnd(List<ProcessHandle> all, Duration most) {
        try {
            CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
                    .get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException goesOn) {
            return false;
        } catch (ExecutionException e) {
            throw new UncheckedIOException(new IOException(e));
        } catch (InterruptedException e) {
            return true;
        }
        return false;
    }
}
