package io.pratique.flags;

import java.lang.StackWalker.Option;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one client behind {@link Flags}: installed, or else discovered at the first use. */
final class InstalledClient {

    private static final Logger LOG = LoggerFactory.getLogger(Flags.class);
    private static final Object LOCK = new Object();

    private static volatile @Nullable FlagClient current;
    /** What has found the current client, or is to find it; null if it was installed. */
    private static volatile @Nullable Discovery discovery;

    private InstalledClient() {}

    static FlagClient get() {
        FlagClient client = current;
        if (client != null) {
            return client;
        }
        Discovery underWay = discovery;
        if (underWay == null) {
            underWay = begin();
        } else if (Thread.currentThread().getName().startsWith("pratique-")) {
            // A source that asks for a flag while it is made, or loads, would wait for a discovery that waits for it.
            return Nothing.KNOWN;
        }
        if (underWay != null) {
            underWay.await();
        }
        client = current;
        return client != null ? client : Nothing.KNOWN;
    }

    /** A client that knows nothing, so that everything has its default. */
    static final class Nothing {
        static final FlagClient KNOWN = FlagClient.builder().build();

        private Nothing() {}
    }

    /** Null if a client was installed meanwhile. */
    private static @Nullable Discovery begin() {
        synchronized (LOCK) {
            Discovery found = discovery;
            if (current == null && found == null) {
                found = new Discovery(caller(), InstalledClient::publish);
                discovery = found;
                found.start();
            }
            return found;
        }
    }

    private static String caller() {
        return StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(frame -> frame.getDeclaringClass() != InstalledClient.class
                                && frame.getDeclaringClass() != Flags.class)
                        .findFirst()
                        .map(Object::toString)
                        .orElse("unknown"));
    }

    private static void publish(Discovery found, FlagClient client) {
        synchronized (LOCK) {
            if (discovery == found) {
                current = client;
                return;
            }
        }
        client.close();
    }

    static void install(FlagClient client) {
        if (client == null) {
            throw new IllegalArgumentException("installed flag client must not be null; build one");
        }
        FlagClient replaced;
        Discovery found;
        synchronized (LOCK) {
            replaced = current;
            found = discovery;
            if (replaced == client) {
                discovery = null;
                return;
            }
            if (replaced != null && found == null && !replaced.isClosed()) {
                throw new IllegalStateException(
                        "another flag client is installed and alive; close that one first, or install only once");
            }
            current = client;
            discovery = null;
        }
        if (found != null) {
            found.release();
            LOG.warn(
                    "The discovered flag client is replaced by the installed one; until now it has answered, first to {}."
                            + " Install before the first check",
                    found.firstCaller());
            if (replaced != null) {
                replaced.close();
            }
        }
    }
}
