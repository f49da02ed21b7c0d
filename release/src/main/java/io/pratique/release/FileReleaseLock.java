package io.pratique.release;

import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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
 * operating system tells; one that is paused loses the lock when it has been silent for a lease's time, as whoever waits
 * has measured it. No clock is compared with another.
 */
public final class FileReleaseLock implements ReleaseLock {

    private static final Logger LOG = LoggerFactory.getLogger(FileReleaseLock.class);

    private static final Duration USUAL_LEASE = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 100;
    private static final long GUARD_MILLIS = 2;
    private static final int BEATS_A_LEASE = 5;

    /** The operating system tells processes apart, not threads. */
    private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

    private final Path directory;
    private final long leaseNanos;
    private final InstantSource clock;
    private final LongSupplier nanos;

    FileReleaseLock(Path directory, Duration lease, InstantSource clock, LongSupplier nanos) {
        this.directory = directory;
        this.leaseNanos = lease.toNanos();
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * A lock in a directory, with leases of 30 seconds.
     *
     * @param directory the same for all who release; on a file system of this host, for network file systems lock as they
     *     like
     * @return a lock that nobody holds because of this
     */
    public static FileReleaseLock in(Path directory) {
        return new FileReleaseLock(directory, USUAL_LEASE, InstantSource.system(), System::nanoTime);
    }

    /**
     * The same lock with leases of another length.
     *
     * @param lease after how long a silence a holder that still lives has lost the lock
     * @return a new lock over the same files
     * @throws IllegalArgumentException if it is shorter than a second
     */
    public FileReleaseLock lease(Duration lease) {
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("lease of the lock must be at least a second, but is \"" + lease + "\"");
        }
        return new FileReleaseLock(directory, lease, clock, nanos);
    }

    private Path file() {
        return directory.resolve("lock.json");
    }

    private Path life(long token) {
        return directory.resolve("lock." + token + ".held");
    }

    private Path life(String waiting) {
        return directory.resolve("lock." + waiting + ".waits");
    }

    /** What is done with the lock's file, which nobody else reads or writes meanwhile. */
    @FunctionalInterface
    interface Deed<T> {
        @Nullable T with(LockFile file) throws IOException;
    }

    private <T> @Nullable T alone(Deed<T> deed) throws IOException, InterruptedException {
        IN_THIS_PROCESS.lockInterruptibly();
        try (FileChannel channel = FileChannel.open(
                directory.resolve("lock.guard"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            guard(channel);
            return deed.with(LockFile.read(file()));
        } catch (ClosedByInterruptException e) {
            boolean unused = Thread.interrupted();
            throw new InterruptedException("interrupted while the lock was asked for");
        } finally {
            IN_THIS_PROCESS.unlock();
        }
    }

    /** Others hold it for moments only, unless they are paused just then. It is let go with its channel. */
    private void guard(FileChannel channel) throws IOException, InterruptedException {
        long start = nanos.getAsLong();
        while (channel.tryLock() == null) {
            if (nanos.getAsLong() - start >= leaseNanos) {
                throw new IOException(
                        "the lock in \"" + directory
                                + "\" cannot be looked at, since another process does so for longer than a lease; is one paused?");
            }
            TimeUnit.MILLISECONDS.sleep(GUARD_MILLIS);
        }
    }

    @Override
    public Lease acquire(String holder, String reason, Duration wait) throws IOException, InterruptedException {
        String ticket = UUID.randomUUID().toString();
        long start = nanos.getAsLong();
        Silence silence = new Silence(start);
        SignOfLife waiting = SignOfLife.give(life(ticket));
        try {
            while (true) {
                Lease taken = alone(file -> takeOrWait(file, ticket, silence, holder, reason));
                if (taken != null) {
                    return taken;
                }
                if (nanos.getAsLong() - start >= wait.toNanos()) {
                    throw new LockHeldException(leaveLine(ticket));
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } finally {
            waiting.close();
        }
    }

    /** How long the holder has given no sign, as this process has seen it. */
    private static final class Silence {

        private long token = -1;
        private long beat = -1;
        private long since;

        Silence(long now) {
            this.since = now;
        }

        long after(LockFile file, long now) {
            if (file.token() != token || file.beat() != beat) {
                token = file.token();
                beat = file.beat();
                since = now;
            }
            return now - since;
        }
    }

    private @Nullable Lease takeOrWait(LockFile file, String ticket, Silence silence, String holder, String reason)
            throws IOException {
        List<String> line = new ArrayList<>();
        for (String each : file.line()) {
            if (each.equals(ticket) || SignOfLife.isGiven(life(each))) {
                line.add(each);
            } else {
                Files.deleteIfExists(life(each));
            }
        }
        if (!line.contains(ticket)) {
            line.add(ticket);
        }
        boolean free = !file.held() || silence.after(file, nanos.getAsLong()) >= leaseNanos || isDead(file);
        if (!free || !line.get(0).equals(ticket)) {
            if (!line.equals(file.line())) {
                file.withLine(line).write(file());
            }
            return null;
        }
        line.remove(ticket);
        LockFile mine = file.withLine(line).takenBy(holder, reason, clock.instant());
        SignOfLife life = SignOfLife.give(life(mine.token()));
        try {
            mine.write(file());
            if (file.held()) {
                LOG.atWarn().addKeyValue("lock", directory).log("The lock was taken over from {}", file.holder());
                Files.deleteIfExists(life(file.token()));
            }
            return new Held(mine.token(), life);
        } catch (IOException | RuntimeException e) {
            life.close();
            throw e;
        }
    }

    private boolean isDead(LockFile file) throws IOException {
        return file.held() && !SignOfLife.isGiven(life(file.token()));
    }

    private LockState leaveLine(String ticket) throws IOException, InterruptedException {
        LockState left = alone(file -> {
            List<String> line = new ArrayList<>(file.line());
            line.remove(ticket);
            LockFile without = file.withLine(line);
            without.write(file());
            return state(without);
        });
        return Objects.requireNonNull(left);
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
        return uninterrupted(file -> file.held() ? state(file) : null);
    }

    @Override
    public @Nullable LockState breakLock(String by, String reason) throws IOException {
        return uninterrupted(file -> {
            if (!file.held()) {
                return null;
            }
            LockState broken = state(file);
            file.free().write(file());
            LOG.atWarn()
                    .addKeyValue("lock", directory)
                    .log(
                            "The lock of {} was broken by {}: {}",
                            broken.holder(),
                            FlagText.printable(by, 200),
                            FlagText.printable(reason, 200));
            return broken;
        });
    }

    private <T> @Nullable T uninterrupted(Deed<T> deed) throws IOException {
        try {
            return alone(deed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the lock was asked", e);
        }
    }

    /** The lease that this process holds, and the thread that keeps it. */
    private final class Held implements Lease {

        private final long token;
        private final SignOfLife life;
        private final Thread beating;
        private volatile long lastBeat = nanos.getAsLong();
        private volatile boolean lost;

        Held(long token, SignOfLife life) {
            this.token = token;
            this.life = life;
            this.beating = new Thread(this::beat, "pratique-release-lease-" + token);
            beating.setDaemon(true);
            beating.start();
        }

        private void beat() {
            try {
                while (!lost) {
                    TimeUnit.NANOSECONDS.sleep(leaseNanos / BEATS_A_LEASE);
                    long before = nanos.getAsLong();
                    if (Boolean.TRUE.equals(alone(this::beatIfMine))) {
                        lastBeat = before;
                    } else {
                        lost = true;
                    }
                }
            } catch (InterruptedException closed) {
                // The lease was given back.
            } catch (IOException | RuntimeException e) {
                LOG.atWarn().addKeyValue("lock", directory).setCause(e).log("The lock cannot be kept");
            }
        }

        private boolean isMine(LockFile file) {
            return file.held() && file.token() == token;
        }

        private boolean beatIfMine(LockFile file) throws IOException {
            if (!isMine(file) || isOver()) {
                return false;
            }
            file.beaten().write(file());
            return true;
        }

        private boolean isOver() {
            return nanos.getAsLong() - lastBeat >= leaseNanos;
        }

        @Override
        public long token() {
            return token;
        }

        @Override
        public boolean isHeld() {
            try {
                if (isOver() || !Boolean.TRUE.equals(uninterrupted(this::isMine))) {
                    lost = true;
                }
                return !lost;
            } catch (IOException nobodyCanTell) {
                return false;
            }
        }

        @Override
        public void close() {
            lost = true;
            beating.interrupt();
            try (life) {
                Boolean unused = uninterrupted(file -> {
                    if (isMine(file)) {
                        file.free().write(file());
                    }
                    return true;
                });
            } catch (IOException e) {
                LOG.atWarn().addKeyValue("lock", directory).setCause(e).log("The lock cannot be given back");
            }
        }
    }
}
