package io.pratique.release.incidents;

import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what is queued, once, the newest incident first. A receiver that fails is not asked for the others in the same
 * pass: one that is down costs its time once. Used by one thread, which holds the lock of deliveries.
 */
final class DeliveryPass {

    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** The last call of each receiver of a directory: one that goes on would tell something old after what is new. */
    private static final Map<String, FutureTask<?>> CALLS = new ConcurrentHashMap<>();

    private final IncidentStore store;
    private final Map<String, IncidentReceiver> receivers;
    private final Duration timeout;
    private final InstantSource clock;
    private final Set<String> failing = new HashSet<>();
    private final Set<String> unreadable = new HashSet<>();

    DeliveryPass(IncidentStore store, Map<String, IncidentReceiver> receivers, Duration timeout, InstantSource clock) {
        this.store = store;
        this.receivers = receivers;
        this.timeout = timeout;
        this.clock = clock;
    }

    private record Due(Incident incident, String receiver) {}

    /** What comes of one attempt. */
    @FunctionalInterface
    private interface Answer {
        Delivery of(Delivery before);
    }

    /** Gives the incidents that it has tried to tell, as they are then. */
    List<Incident> run() throws IOException, InterruptedException {
        Map<String, Incident> tried = new LinkedHashMap<>();
        // Looked for anew each time: others may open, change and close incidents meanwhile, and leave the telling to
        // this.
        for (Due due = next(); due != null; due = next()) {
            tried.put(due.incident().id(), attempt(due));
        }
        return List.copyOf(tried.values());
    }

    private @Nullable Due next() throws IOException {
        Instant now = clock.instant();
        for (Incident incident : store.readable(this::warnOnce)) {
            for (String receiver : receivers.keySet()) {
                if (!failing.contains(receiver) && incident.isDueFor(receiver, now)) {
                    return new Due(incident, receiver);
                }
            }
        }
        return null;
    }

    private void warnOnce(String id, IOException e) {
        if (unreadable.add(id)) {
            LOG.atWarn().addKeyValue("incident", id).log("Incident is not told: {}", e.getMessage());
        }
    }

    private Incident attempt(Due due) throws IOException, InterruptedException {
        // Whoever may have been told is to be told of the closing, too, also if nobody lives to note the answer.
        Incident unused = store.change(due.incident().id(), now -> now == null ? null : now.noting(due.receiver()));
        Answer answer = ask(due.receiver(), due.incident());
        Incident told = store.change(due.incident().id(), now -> {
            if (now == null) {
                // Somebody has moved it away.
                return null;
            }
            Delivery delivery = answer.of(now.delivery(due.receiver()));
            boolean isOld = now.revision() != due.incident().revision();
            return now.with(isOld ? delivery.again() : delivery);
        });
        Incident incident = told == null ? due.incident() : told;
        log(due, incident.delivery(due.receiver()));
        return incident;
    }

    private Answer ask(String receiver, Incident incident) throws InterruptedException {
        String call = store.directory().toAbsolutePath().normalize() + " " + receiver;
        FutureTask<?> last = CALLS.get(call);
        if (last != null && !last.isDone()) {
            return failed(receiver, "the attempt before goes on although it was interrupted");
        }
        IncidentReceiver asked = Objects.requireNonNull(receivers.get(receiver));
        FutureTask<@Nullable URI> task = new FutureTask<>(() -> asked.deliver(incident));
        Thread thread = new Thread(task, "pratique-incident-" + receiver);
        thread.setDaemon(true);
        CALLS.put(call, task);
        thread.start();
        try {
            URI link = task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return before -> before.delivered(link != null && HttpCall.isUrl(link) ? link : null);
        } catch (TimeoutException e) {
            thread.interrupt();
            thread.join(PATIENCE.toMillis());
            return failed(receiver, "it took longer than " + timeout);
        } catch (ExecutionException e) {
            Throwable thrown = Objects.requireNonNull(e.getCause());
            if (thrown instanceof RefusedException) {
                return before -> before.refused(said(thrown));
            }
            return failed(receiver, said(thrown));
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        }
    }

    private Answer failed(String receiver, String why) {
        failing.add(receiver);
        return before -> before.failed(why, clock.instant());
    }

    private static String said(Throwable thrown) {
        String message = thrown instanceof IOException ? thrown.getMessage() : null;
        return message == null ? FlagText.printable(thrown) : FlagText.printable(message, 500);
    }

    private static void log(Due due, Delivery after) {
        Delivery before = due.incident().delivery(due.receiver());
        boolean isNews = before.error() == null || after.state() != Delivery.State.QUEUED;
        (after.error() != null ? (isNews ? LOG.atWarn() : LOG.atDebug()) : LOG.atInfo())
                .addKeyValue("incident", due.incident().id())
                .log("Incident told: {}", after);
    }
}
