package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.io.InThisJvm;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock for releases from one host, in files of one directory. A holder that is killed is found dead at once, since the
 * operating system tells; one that is paused loses the lock when it has been silent for its lease's time, as whoever waits
 * has measured it. No clock is compared with another.
 */
public final class FileReleaseLock implements ReleaseLock {

    private static final Logger LOG = LoggerFactory.getLogger(FileReleaseLock.class);

    private static final Duration USUAL_LEASE = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 50;
    private static final long GUARD_MILLIS = 2;

    private final Path directory;
    private final Duration lease;
    private final InstantSource clock;
    private final LongSupplier nanos;

    FileReleaseLock(Path directory, Duration lease, InstantSource clock, LongSupplier nanos) {
        this.directory = directory;
        this.lease = lease;
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * A lock in a directory, with leases of 30 seconds.
     *
     * @param directory the same for all who release, made when it is needed; on a file system of this host, for those of
     *     networks lock as they like
     * @return a lock that nobody holds because of this
     * @throws IllegalArgumentException if the directory is null
     */
    public static FileReleaseLock in(Path directory) {
        if (directory == null) {
            throw new IllegalArgumentException("directory of the lock must be given, but is null");
        }
        return new FileReleaseLock(directory, USUAL_LEASE, InstantSource.system(), System::nanoTime);
    }

    /**
     * The same lock with leases of another length.
     *
     * @param lease after how long a silence a holder that still lives has lost the lock, a second to a day
     * @return a new lock over the same files
     * @throws IllegalArgumentException if it is null, shorter or longer
     */
    public FileReleaseLock lease(Duration lease) {
        return new FileReleaseLock(
                directory,
                Limits.within("lease of the lock", lease, Duration.ofSeconds(1), Duration.ofDays(1)),
                clock,
                nanos);
    }

    private Path file() {
        return directory.resolve("lock.json");
    }

    private Path beats(long token) {
        return directory.resolve("lock." + token + ".beats");
    }

    private Path life(long token) {
        return directory.resolve("lock." + token + ".held");
    }

    private Path life(String waiting) {
        return directory.resolve("lock." + waiting + ".waits");
    }

    /** What the lock's file says now. */
    private LockFile read() throws IOException {
        return LockFile.read(file());
    }

    /** What is done with the lock's file, which nobody else writes meanwhile. */
    @FunctionalInterface
    private interface Deed<T> {
        @Nullable T with(LockFile file) throws IOException;
    }

    private <T> @Nullable T alone(Deed<T> deed) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path guard = directory.resolve("lock.guard");
        ReentrantLock first = InThisJvm.before(guard);
        first.lockInterruptibly();
        try (FileChannel channel = FileChannel.open(guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            await(channel);
            return deed.with(read());
        } catch (ClosedByInterruptException e) {
            boolean unused = Thread.interrupted();
            throw new InterruptedException("interrupted while the lock was asked for");
        } finally {
            first.unlock();
        }
    }

    /** Others hold the guard for moments only, unless they are paused just then. It is let go with its channel. */
    private void await(FileChannel guard) throws IOException, InterruptedException {
        long start = nanos.getAsLong();
        while (!isLocked(guard)) {
            if (nanos.getAsLong() - start >= lease.toNanos()) {
                throw new IOException(
                        "the lock in \"" + directory
                                + "\" cannot be looked at, since another process does so for longer than a lease; is one paused?");
            }
            TimeUnit.MILLISECONDS.sleep(GUARD_MILLIS);
        }
    }

    private static boolean isLocked(FileChannel guard) throws IOException {
        try {
            return guard.tryLock() != null;
        } catch (OverlappingFileLockException takenByThisJvm) {
            return false;
        }
    }

    /** The same for what must be done whether or not somebody interrupts. */
    private <T> @Nullable T inAnyCase(Deed<T> deed) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    return alone(deed);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public Lease acquire(String holder, String reason, Duration wait) throws IOException, InterruptedException {
        String ticket = UUID.randomUUID().toString();
        long start = nanos.getAsLong();
        Silence silence = new Silence(start);
        Files.createDirectories(directory);
        SignOfLife waiting = SignOfLife.give(life(ticket));
        try {
            while (true) {
                Lease taken = alone(file -> takeOrWait(file, ticket, silence, holder, reason));
                if (taken != null) {
                    return taken;
                }
                if (nanos.getAsLong() - start >= wait.toNanos()) {
                    throw refused(ticket);
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } finally {
            closed(waiting);
        }
    }

    private @Nullable Lease takeOrWait(LockFile file, String ticket, Silence silence, String holder, String reason)
            throws IOException {
        List<String> line = living(file.line(), ticket);
        long silent = silence.after(file, Heartbeat.read(beats(file.token())), nanos.getAsLong());
        boolean due = !file.held() || isDead(file) || silent >= file.lease().toNanos();
        // Who is first and paused must not keep all others waiting for what nobody has.
        long patience = lease.toNanos() + (file.held() ? file.lease().toNanos() : 0);
        if (!due || (!line.get(0).equals(ticket) && silent < patience)) {
            if (!line.equals(file.line())) {
                file.withLine(line).write(file());
            }
            return null;
        }
        line.remove(ticket);
        return take(file, file.withLine(line).takenBy(holder, reason, clock.instant(), lease));
    }

    /** The line without those who are gone, and with one who may be new. */
    private List<String> living(List<String> known, String ticket) throws IOException {
        List<String> line = new ArrayList<>();
        for (String each : known) {
            if (each.equals(ticket) || SignOfLife.isGiven(life(each))) {
                line.add(each);
            } else {
                Files.deleteIfExists(life(each));
            }
        }
        if (!line.contains(ticket)) {
            line.add(ticket);
        }
        return line;
    }

    private Lease take(LockFile before, LockFile mine) throws IOException {
        long token = mine.token();
        long got = nanos.getAsLong();
        SignOfLife life = SignOfLife.give(life(token));
        try {
            Heartbeat heart = Heartbeat.start(beats(token));
            mine.write(file());
            forget(before);
            return new KeptLease(token, lease.toNanos(), got, nanos, new Signs(token, life, heart)).start();
        } catch (IOException | RuntimeException e) {
            closed(life);
            throw e;
        }
    }

    private void forget(LockFile before) throws IOException {
        if (before.held()) {
            LOG.atWarn()
                    .addKeyValue("lock", directory)
                    .addKeyValue("holder", before.holder())
                    .log("The lock was taken over from {}", before.holder());
        }
        Files.deleteIfExists(beats(before.token()));
        if (!SignOfLife.isGiven(life(before.token()))) {
            Files.deleteIfExists(life(before.token()));
        }
    }

    /** Of one holder. */
    private final class Signs implements KeptLease.Signs {

        private final long token;
        private final SignOfLife life;
        private final Heartbeat heart;

        Signs(long token, SignOfLife life, Heartbeat heart) {
            this.token = token;
            this.life = life;
            this.heart = heart;
        }

        private boolean isMine(LockFile file) {
            return file.held() && file.token() == token;
        }

        @Override
        public boolean give() throws IOException {
            if (!isMine(read())) {
                return false;
            }
            heart.beat();
            return true;
        }

        @Override
        public void end() throws IOException {
            try {
                Boolean unused = inAnyCase(file -> {
                    if (isMine(file)) {
                        file.free().write(file());
                    }
                    return true;
                });
            } finally {
                closed(heart);
                closed(life);
            }
        }
    }

    private boolean isDead(LockFile file) throws IOException {
        return file.held() && !SignOfLife.isGiven(life(file.token()));
    }

    private LockHeldException refused(String ticket) throws IOException {
        return Objects.requireNonNull(inAnyCase(file -> {
            List<String> line = new ArrayList<>(file.line());
            line.remove(ticket);
            LockFile left = file.withLine(line);
            left.write(file());
            return new LockHeldException(left.held() ? state(left) : null, line.size());
        }));
    }

    private LockState state(LockFile file) throws IOException {
        return new LockState(
                file.holder(),
                file.reason(),
                file.token(),
                file.since(),
                isDead(file),
                file.line().size());
    }

    @Override
    public @Nullable LockState state() throws IOException {
        LockFile file = read();
        return file.held() ? state(file) : null;
    }

    /** When the holder with a token has last counted on, by the clock of the host; null if it has let go. */
    @Nullable Instant lastSign(long token) throws IOException {
        try {
            return Files.getLastModifiedTime(beats(token)).toInstant();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public @Nullable LockState breakLock(String by, String reason) throws IOException {
        String who = FlagText.printable(by, 200);
        String why = FlagText.printable(reason, 200);
        return inAnyCase(file -> {
            if (!file.held()) {
                return null;
            }
            LockState broken = state(file);
            trace(broken, who, why);
            file.free().write(file());
            LOG.atWarn()
                    .addKeyValue("lock", directory)
                    .addKeyValue("holder", broken.holder())
                    .log("The lock of {} was broken by {}: {}", broken.holder(), who, why);
            return broken;
        });
    }

    /** A line for each lock that was broken, which stays. */
    private void trace(LockState broken, String who, String why) throws IOException {
        String line = clock.instant() + " " + who + " broke the lock of " + broken + ": " + why + "\n";
        Files.writeString(directory.resolve("lock.breaks"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** A file that cannot be closed or removed takes nothing from whoever has got what he wanted. */
    private static void closed(AutoCloseable file) {
        try {
            file.close();
        } catch (Exception e) {
            LOG.atDebug().setCause(e).log("A file of the lock was not closed");
        }
    }

    /** Where it is. */
    @Override
    public String toString() {
        return "FileReleaseLock[" + directory + "]";
    }
}
