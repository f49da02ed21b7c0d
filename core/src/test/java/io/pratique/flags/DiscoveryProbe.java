package io.pratique.flags;

import static io.pratique.flags.Eventually.eventuallyTrue;

import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.FlagSource;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A program that uses {@link Flags} for the first time in one of several ways, and prints what it finds. */
public final class DiscoveryProbe {

    private DiscoveryProbe() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "check" -> check();
            case "check-without-context-loader" -> {
                Thread.currentThread().setContextClassLoader(null);
                check();
            }
            case "check-with-blind-context-loader" -> {
                Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
                check();
            }
            case "check-with-broken-context-loader" -> {
                Thread.currentThread().setContextClassLoader(new BrokenLoader());
                check();
            }
            case "check-while-interrupted" -> {
                Thread.currentThread().interrupt();
                check();
                tell("interrupted", Thread.currentThread().isInterrupted());
            }
            case "check-while-a-source-is-made" -> checkWhileASourceIsMade();
            case "install-while-a-source-is-made" -> installWhileASourceIsMade();
            case "install-what-was-found" -> installWhatWasFound();
            case "check-from-many-threads" -> checkFromManyThreads();
            case "install-before" -> installBefore();
            case "install-after" -> installAfter();
            case "install-after-closing" -> installAfterClosing();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void tell(String name, Object fact) {
        System.out.println("fact " + name + "=" + fact);
    }

    private static void check() {
        tell("mail", Flags.isEnabled("mail"));
        tell(
                "sources",
                Flags.client().sources().stream().map(SourceStatus::name).toList());
        tell("made", Counted.MADE.get());
    }

    private static void checkFromManyThreads() throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<FlagClient> clients = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                FlagClient client = Flags.client();
                synchronized (clients) {
                    clients.add(client);
                }
            });
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        tell("answers", clients.size());
        tell("clients", clients.stream().distinct().count());
        tell("made", Counted.MADE.get());
    }

    private static void checkWhileASourceIsMade() {
        tell("mail-before", Flags.isEnabled("mail"));
        tell("sources-before", Flags.client().sources().size());
        HangsWhenMade.MAY_END.countDown();
        eventuallyTrue(() -> !Flags.client().sources().isEmpty());
        eventuallyTrue(() -> !Flags.isEnabled("mail"));
        check();
    }

    private static void installWhileASourceIsMade() throws InterruptedException {
        List<FlagClient> answers = new CopyOnWriteArrayList<>();
        Thread waiting = new Thread(() -> answers.add(Flags.client()));
        waiting.start();
        HangsWhenMade.BEGUN.await();
        FlagClient own = ownClient();
        Flags.install(own);
        waiting.join();
        tell("answered-by-own", answers.equals(List.of(own)));
        HangsWhenMade.MAY_END.countDown();
        eventuallyTrue(() -> Counted.CLOSED.get() == 2);
        tell("own", Flags.client() == own && !own.isClosed());
    }

    private static void installWhatWasFound() {
        FlagClient found = Flags.client();
        Flags.install(found);
        tell("same", Flags.client() == found);
        tell("found-closed", found.isClosed());
        tell("mail", Flags.isEnabled("mail"));
        try {
            Flags.install(ownClient());
        } catch (IllegalStateException refused) {
            tell("second-install", "refused");
        }
    }

    private static void installBefore() {
        FlagClient own = ownClient();
        Flags.install(own);
        check();
        tell("own", Flags.client() == own);
    }

    private static void installAfter() {
        FlagClient found = Flags.client();
        tell("mail", Flags.isEnabled("mail"));
        FlagClient own = ownClient();
        Flags.install(own);
        tell("found-closed", found.isClosed());
        tell("found-answers", found.isEnabled("mail"));
        tell("own", Flags.client() == own);
        tell("closed", Counted.CLOSED.get());
        try {
            Flags.install(ownClient());
        } catch (IllegalStateException refused) {
            tell("second-install", "refused");
        }
    }

    private static void installAfterClosing() {
        Flags.client().close();
        tell("mail", Flags.isEnabled("mail"));
        FlagClient own = ownClient();
        Flags.install(own);
        tell("own", Flags.client() == own);
    }

    private static FlagClient ownClient() {
        return FlagClient.builder()
                .source(() -> FlagSet.of(Map.of("mail", "on")))
                .build();
    }

    /** A loader that cannot even look. */
    private static final class BrokenLoader extends ClassLoader {

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            throw new IOException("the class path is gone");
        }
    }

    /** Says that mail is off, and counts how many of it there were. */
    public static class Counted implements FlagSource {

        static final AtomicInteger MADE = new AtomicInteger();
        static final AtomicInteger CLOSED = new AtomicInteger();

        public Counted() {
            MADE.incrementAndGet();
        }

        @Override
        public FlagSet load() {
            return FlagSet.of(Map.of("mail", "off"));
        }

        @Override
        public String name() {
            return "counted";
        }

        @Override
        public void close() {
            CLOSED.incrementAndGet();
        }
    }

    /** Comes before {@link Counted} in the order of class names. */
    public static final class Aardvark extends Counted {

        @Override
        public FlagSet load() {
            return FlagSet.of(Map.of("mail", "on"));
        }

        @Override
        public String name() {
            return "aardvark";
        }
    }

    /** Comes after {@link Counted} in the order of class names. */
    public static final class Zebra extends Counted {

        @Override
        public FlagSet load() {
            return FlagSet.of(Map.of("mail", "on"));
        }

        @Override
        public String name() {
            return "zebra";
        }
    }

    /** Has the name of {@link Counted}. */
    public static final class Namesake extends Counted {}

    /** Cannot be made. */
    public static final class ThrowsWhenMade extends Counted {

        public ThrowsWhenMade() {
            throw new IllegalStateException("no configuration");
        }
    }

    /** Cannot be loaded as a class. */
    public static final class ThrowsWhenLoaded extends Counted {

        static final int NUMBER = Integer.parseInt("none");
    }

    /** Cannot tell its name. */
    public static final class ThrowsWhenNamed extends Counted {

        @Override
        public String name() {
            throw new IllegalStateException("not connected");
        }
    }

    /** Is no source. */
    public static final class NoSource {}

    /** Cannot be made by anybody. */
    public abstract static class Abstract extends Counted {}

    /** Is not made until it may be. */
    public static final class HangsWhenMade extends Counted {

        static final CountDownLatch BEGUN = new CountDownLatch(1);
        static final CountDownLatch MAY_END = new CountDownLatch(1);

        public HangsWhenMade() throws InterruptedException {
            BEGUN.countDown();
            MAY_END.await();
        }

        @Override
        public String name() {
            return "hangs";
        }
    }

    /** Asks for a flag while it is made and while it is named. */
    public static final class AsksWhenMade extends Counted {

        private final boolean answer = Flags.isEnabled("mail");

        @Override
        public String name() {
            return "asks-" + answer + "-" + Flags.isEnabled("mail");
        }
    }

    /** Asks for a flag while it loads. */
    public static final class AsksWhenLoading extends Counted {

        @Override
        public FlagSet load() {
            return FlagSet.of(Map.of("mail", Flags.isEnabled("other") ? "off" : "on"));
        }
    }
}
