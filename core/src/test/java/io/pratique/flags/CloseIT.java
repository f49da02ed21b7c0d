package io.pratique.flags;

import static io.pratique.flags.Eventually.PATIENCE;
import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.eventuallyTrue;
import static io.pratique.flags.Eventually.refreshed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Level;
import io.pratique.flags.FakeSource.Hold;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client closes what it was given, in bounded time, and goes on answering. */
@Tag("F-8")
@Timeout(120)
class CloseIT {

    private static final AtomicInteger TESTS = new AtomicInteger();

    private final Rig rig = new Rig();
    private final Hold hold = new Hold();

    /** A name of its own in each test: threads and log lines are found by it. */
    private final String name = "store-" + TESTS.incrementAndGet();

    private final FakeSource source = FakeSource.of(name, Map.of("a", "off"));

    @Test
    void withThousandsOfRefreshesPendingNeedsNoThreadForEach() throws Exception {
        FlagClient client = rig.client(source);
        source.answers(() -> {
            hold.pass();
            return FlagSet.empty();
        });
        List<CompletionStage<Void>> pending = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            pending.add(client.refresh());
        }

        client.close();

        for (CompletionStage<Void> refresh : pending) {
            assertThat(refresh).succeedsWithin(PATIENCE);
        }
    }

    @AfterEach
    void close() {
        hold.release();
        rig.close();
    }

    @Nested
    class EachSource {

        @Test
        void isClosedOnceHoweverOftenAndFromWhereverTheClientIs() {
            FlagClient client = rig.client(source);
            List<CompletableFuture<Void>> closing = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                closing.add(CompletableFuture.runAsync(client::close));
            }
            closing.forEach(each -> assertThat(each).succeedsWithin(PATIENCE));
            client.close();

            eventually(() -> assertThat(source.closed()).isEqualTo(1));
            assertThat(client.isClosed()).isTrue();
        }

        @Test
        void isClosedAfterItsLastLoad() throws Exception {
            FlagClient client = rig.client(source);
            source.answers(() -> {
                try {
                    hold.pass();
                } catch (InterruptedException e) {
                    eventuallyTrue(() -> source.closed() > 0 || closerWaits());
                }
                return FlagSet.empty();
            });
            CompletionStage<Void> refresh = client.refresh();
            hold.awaitReached();

            client.close();

            assertThat(source.closed()).isEqualTo(1);
            assertThat(source.ended()).isEqualTo(2);
            assertThat(source.closedDuringLoad()).isFalse();
            assertThat(refresh).succeedsWithin(PATIENCE);
        }

        private boolean closerWaits() {
            return Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().equals("pratique-close-" + name)
                            && thread.getState() == Thread.State.TIMED_WAITING);
        }

        @Test
        void isClosedThoughItsLoadHangs() throws Exception {
            FlagClient client = rig.client(source);
            source.answers(() -> {
                hold.passStubbornly();
                return FlagSet.empty();
            });
            CompletionStage<Void> joined = client.refresh();
            hold.awaitReached();
            CompletionStage<Void> next = client.refresh();

            client.close();

            assertThat(source.closed()).isEqualTo(1);
            assertThat(source.ended()).isEqualTo(1);
            assertThat(joined).succeedsWithin(PATIENCE);
            assertThat(next).succeedsWithin(PATIENCE);
        }

        @Test
        void isClosedThoughAnotherThrowsOrHangs() {
            FakeSource throwing = new FakeSource("throwing");
            throwing.closes(() -> {
                throw new StackOverflowError("on purpose");
            });
            FakeSource hanging = new FakeSource("hanging");
            hanging.closes(hold::passStubbornly);
            FlagClient client = rig.client(throwing, hanging, source);

            assertThatCode(client::close).doesNotThrowAnyException();

            assertThat(source.closed()).isEqualTo(1);
            assertThat(throwing.closed()).isEqualTo(1);
            assertThat(hanging.closed()).isEqualTo(1);
        }

        @Test
        void isClosedByAThreadThatIsInterruptedAndStaysSo() {
            FlagClient client = rig.client(source);
            Thread.currentThread().interrupt();

            client.close();

            assertThat(Thread.interrupted()).isTrue();
            eventually(() -> assertThat(source.closed()).isEqualTo(1));
        }

        @Test
        void mayCloseTheClientItselfWhileItLoads() {
            FlagClient client = rig.client(source);
            source.answers(() -> {
                client.close();
                return FlagSet.empty();
            });

            assertThat(client.refresh()).succeedsWithin(PATIENCE);
            eventually(() -> assertThat(source.closed()).isEqualTo(1));
        }
    }

    @Nested
    class AClosedClient {

        @Test
        void answersFromItsLastSet() {
            FlagClient client = rig.client(source);
            FlagHandle handle = client.handle("a");
            client.close();
            source.answers(Map.of("a", "on"));
            rig.advance(Duration.ofDays(1));

            assertThat(client.isEnabled("a")).isFalse();
            assertThat(handle.isEnabled()).isFalse();
            assertThat(client.handle("a").isEnabled()).isFalse();
            assertThat(client.evaluate("a").enabled()).isFalse();
            assertThat(client.isEnabled("unknown", false)).isFalse();
            assertThat(client.sources()).hasSize(1);
            assertThat(source.started()).isEqualTo(1);
        }

        @Test
        void isNotChangedByALoadThatComesTooLate() throws Exception {
            FlagClient client = rig.client(source);
            source.answers(() -> {
                hold.passStubbornly();
                return FlagSet.of(Map.of("a", "on"));
            });
            CompletionStage<Void> unused = client.refresh();
            hold.awaitReached();
            client.close();

            hold.release();

            eventually(() -> assertThat(threads()).isEmpty());
            assertThat(source.ended()).isEqualTo(2);
            assertThat(client.isEnabled("a")).isFalse();
        }

        @Test
        void countsTheLoadThatItInterruptedAsNoFailure() throws Exception {
            FlagClient client = rig.client(source);
            source.answers(() -> {
                hold.pass();
                return FlagSet.empty();
            });
            CompletionStage<Void> unused = client.refresh();
            hold.awaitReached();

            client.close();

            eventually(() -> assertThat(threads()).isEmpty());
            assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STATIC);
            assertThat(rig.log().events(Level.WARN, "source", name)).isEmpty();
        }

        @Test
        void hasNoThreads() {
            AtomicBoolean ended = new AtomicBoolean();
            source.watches(changed -> () -> ended.set(true));
            FlagClient client = rig.client(source);
            refreshed(client);
            assertThat(threads()).isNotEmpty();

            client.close();

            eventually(() -> assertThat(threads()).isEmpty());
        }

        private List<String> threads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(thread -> thread.startsWith("pratique-") && thread.endsWith(name))
                    .toList();
        }
    }

    @Nested
    class Threads {

        @Test
        void areDaemonsWithNamesOfTheirOwn() throws Exception {
            source.answers(() -> {
                Thread thread = Thread.currentThread();
                return FlagSet.of(Map.of(thread.getName(), thread.isDaemon() ? "on" : "off"));
            });
            FlagClient client = rig.client(source);

            assertThat(client.evaluate("pratique-flags-" + name).value()).isEqualTo("on");
        }
    }
}
