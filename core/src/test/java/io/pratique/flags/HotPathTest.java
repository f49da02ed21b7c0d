package io.pratique.flags;

import static io.pratique.flags.Allocation.bytes;
import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.eventuallyTrue;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.FakeSource.Hold;
import io.pratique.flags.spi.FlagSet;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A check reads memory only: it allocates nothing and waits for nobody, whatever the sources are doing. */
@Tag("F-4")
@Timeout(120)
class HotPathTest {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String KEY = "outbox-processing";

    private final Rig rig = new Rig();
    private final Hold hold = new Hold();
    private final FakeSource source = FakeSource.of("store", Map.of(KEY, "off"));

    @BeforeEach
    void measure() {
        THREADS.setThreadContentionMonitoringEnabled(true);
    }

    @AfterEach
    void close() {
        hold.release();
        rig.close();
    }

    private void assertFree(FlagClient client) {
        String other = new String(KEY.toCharArray());
        Flag flag = Flag.of(KEY).defaultOff();
        FlagHandle handle = client.handle(KEY);
        assertThat(bytes(() -> client.isEnabled("outbox-processing"))).isZero();
        assertThat(bytes(() -> client.isEnabled(other))).isZero();
        assertThat(bytes(() -> client.isEnabled(other, false))).isZero();
        assertThat(bytes(() -> client.isEnabled(flag))).isZero();
        assertThat(bytes(() -> client.isEnabled("unknown-key"))).isZero();
        assertThat(bytes(() -> client.isEnabled("unknown-key", false))).isZero();
        assertThat(bytes(() -> client.isEnabled((String) null))).isZero();
        assertThat(bytes(() -> client.isEnabled((Flag) null))).isZero();
        assertThat(bytes(() -> client.isEnabled(" "))).isZero();
        assertThat(bytes(handle::isEnabled)).isZero();
    }

    @Nested
    class Allocation {

        @Test
        void isMeasuredAtAll() {
            List<Object> kept = new ArrayList<>(List.of(new Object()));
            assertThat(bytes(() -> kept.set(0, new Object()).hashCode() == 42)).isPositive();
        }

        @Test
        void isNoneWhileNothingHappens() {
            assertFree(rig.client(source));
        }

        @Test
        void isNoneWithoutSources() {
            assertFree(rig.client());
        }

        @Test
        void isNoneForAKeyBeyondTheThousandRemembered() {
            FlagClient client = rig.client(source);
            for (int i = 0; i < 1_500; i++) {
                assertThat(client.isEnabled("made-up-" + i)).isTrue();
            }
            String beyond = "made-up-2000";
            String overlong = "k".repeat(10_000);

            assertThat(bytes(() -> client.isEnabled(beyond))).isZero();
            assertThat(bytes(() -> client.isEnabled(overlong))).isZero();
        }

        @Test
        @Tag("F-8")
        void isNoneWhileASourceHangs() throws Exception {
            FlagClient client = hanging();

            assertFree(client);
        }

        @Test
        @Tag("F-8")
        void isNoneWhileASourceFailsAllTheTime() {
            FlagClient client = failing();

            assertFree(client);
        }

        @Test
        void isNoneThroughTheStaticFacade() {
            Flags.install(rig.client(source));

            assertThat(bytes(() -> Flags.isEnabled("outbox-processing"))).isZero();
            assertThat(bytes(() -> Flags.isEnabled("outbox-processing", false))).isZero();
            assertThat(bytes(() -> Flags.isEnabled("unknown-key"))).isZero();
        }

        @Test
        void isNoneWhileTenThousandFlagsAreRefreshedAllTheTime() {
            FlagClient client = refreshingTenThousand();

            assertFree(client);
        }
    }

    private FlagClient hanging() throws InterruptedException {
        FlagClient client = rig.client(source);
        source.answers(() -> {
            hold.passStubbornly();
            return FlagSet.empty();
        });
        var unused = client.refresh();
        hold.awaitReached();
        return client;
    }

    /** After a first answer every load fails; the next begins as soon as it has ended. */
    private FlagClient failing() {
        FlagClient client = rig.onMachineTime(FlagClient.builder().ttl(Duration.ofNanos(1)), source);
        source.fails();
        int loads = source.ended();
        eventually(() -> assertThat(source.ended()).isGreaterThan(loads + 3));
        return client;
    }

    /** Every load finds another set and has the whole table built anew; the next begins as soon as it has ended. */
    private FlagClient refreshingTenThousand() {
        FlagSet[] sets = {tenThousand("off"), tenThousand("on")};
        source.answers(() -> sets[source.started() % 2]);
        FlagClient client = rig.onMachineTime(FlagClient.builder().ttl(Duration.ofNanos(1)), source);
        eventually(() -> assertThat(source.ended()).isGreaterThan(3));
        return client;
    }

    private static FlagSet tenThousand(String changing) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            values.put("flag-" + i, "on");
        }
        values.put("changing", changing);
        values.put(KEY, "off");
        return FlagSet.of(values);
    }

    @Nested
    class Waiting {

        @Test
        void isSeenIfThereIsAny() {
            AtomicBoolean contended = new AtomicBoolean();
            Object monitor = new Object();
            Checker checker = new Checker(
                    () -> {
                        if (contended.get()) {
                            synchronized (monitor) {
                                return true;
                            }
                        }
                        return false;
                    },
                    1);
            long before = checker.waitsToBeReady();
            contended.set(true);
            synchronized (monitor) {
                checker.begin();
                eventually(() -> assertThat(checker.getState()).isEqualTo(Thread.State.BLOCKED));
            }
            assertThat(checker.waitsInTheEnd()).isGreaterThan(before);
        }

        @Test
        @Tag("F-8")
        void isNoneWhileASourceHangs() throws Exception {
            FlagClient client = hanging();

            assertNobodyWaits(client, 2_000_000);
        }

        @Test
        @Tag("F-8")
        void isNoneWhileASourceFailsAllTheTime() {
            FlagClient client = failing();
            int loads = source.ended();

            assertNobodyWaits(client, 2_000_000);

            assertThat(source.ended()).isGreaterThan(loads);
        }

        @Test
        void isNoneWhileTenThousandFlagsAreRefreshedAllTheTime() {
            FlagClient client = refreshingTenThousand();
            int loads = source.ended();

            assertNobodyWaits(client, 2_000_000);

            assertThat(source.ended()).isGreaterThan(loads);
        }

        private void assertNobodyWaits(FlagClient client, int checks) {
            String other = new String(KEY.toCharArray());
            FlagHandle handle = client.handle(KEY);
            List<BooleanSupplier> forms = List.of(
                    () -> client.isEnabled("outbox-processing"),
                    () -> client.isEnabled(other, true),
                    () -> client.isEnabled("unknown-key"),
                    handle::isEnabled);
            Map<Checker, Long> checkers = new HashMap<>();
            for (BooleanSupplier form : forms) {
                for (int i = 0; i < 2; i++) {
                    Checker checker = new Checker(form, checks);
                    checkers.put(checker, checker.waitsToBeReady());
                }
            }
            checkers.keySet().forEach(Checker::begin);
            checkers.forEach(
                    (checker, before) -> assertThat(checker.waitsInTheEnd()).isEqualTo(before));
        }
    }

    /** A thread that does nothing but check, between two readings of how often it had to wait. */
    private static final class Checker extends Thread {

        private final BooleanSupplier check;
        private final int checks;
        private volatile boolean ready;
        private volatile boolean go;
        private volatile boolean done;
        private volatile boolean dismissed;

        Checker(BooleanSupplier check, int checks) {
            this.check = check;
            this.checks = checks;
            setDaemon(true);
        }

        @Override
        public void run() {
            // What a first check needs, such as the class loader, is not counted. Spinning is no waiting.
            int on = check.getAsBoolean() ? 1 : 0;
            ready = true;
            while (!go) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < checks; i++) {
                on += check.getAsBoolean() ? 1 : 0;
            }
            done = on >= 0;
            while (!dismissed) {
                Thread.onSpinWait();
            }
        }

        /** Starts the thread; tells how often it has waited until it is ready to check. */
        long waitsToBeReady() {
            start();
            eventuallyTrue(() -> ready);
            return waitsSoFar();
        }

        void begin() {
            go = true;
        }

        /** How often it has waited in all, at the end. */
        long waitsInTheEnd() {
            eventuallyTrue(() -> done);
            long waits = waitsSoFar();
            dismissed = true;
            return waits;
        }

        /** How often a monitor blocked it, or it waited for a lock. */
        private long waitsSoFar() {
            ThreadInfo info = THREADS.getThreadInfo(getId());
            return info.getBlockedCount() + info.getWaitedCount();
        }
    }
}
