package io.pratique.release;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/** Takes a lock again and again, and says whether somebody else was inside. */
final class LockHammer {

    private static final Duration LEASE = Duration.ofSeconds(5);

    /** Longer than those who wait take from one look to the next, so that one who looks wrongly gets in. */
    private static final long WORK_MILLIS = 60;

    private final ReleaseLock lock;
    private final Path inside;

    private LockHammer(ReleaseLock lock, Path inside) {
        this.lock = lock;
        this.inside = inside;
    }

    /** Goes on until it is killed. What is in the directory says which lock it is about. */
    static void run(Path directory) throws Exception {
        Path url = directory.resolve("url");
        ReleaseLock lock = Files.exists(url)
                ? PostgresReleaseLock.over(database(Files.readString(url)), "hammer")
                        .lease(LEASE)
                : FileReleaseLock.in(directory.resolve("lock")).lease(LEASE);
        LockHammer hammer = new LockHammer(lock, directory.resolve("inside"));
        while (true) {
            hammer.strike();
        }
    }

    private static PGSimpleDataSource database(String url) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        return database;
    }

    /** The operating system's own lock, which ends with whoever is killed, tells whether anybody else is inside. */
    private void strike() throws Exception {
        try (Lease lease = lock.acquire("a process", "a test", Duration.ofMinutes(5));
                FileChannel channel = FileChannel.open(inside, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock alone = channel.tryLock()) {
            if (alone == null) {
                System.out.println("beside " + Files.readString(inside).strip());
                return;
            }
            channel.write(ByteBuffer.wrap(String.format("%-20d", lease.token()).getBytes(StandardCharsets.UTF_8)), 0);
            long start = System.nanoTime();
            System.out.println("alone " + lease.token());
            TimeUnit.MILLISECONDS.sleep(WORK_MILLIS);
            if (System.nanoTime() - start >= LEASE.toNanos()) {
                System.out.println("paused " + lease.token());
            } else if (!lease.isHeld()) {
                System.out.println("robbed of " + lease.token());
            }
        }
    }
}
