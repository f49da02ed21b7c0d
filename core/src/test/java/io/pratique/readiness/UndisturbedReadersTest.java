package io.pratique.readiness;

import static io.pratique.readiness.GateRig.eventuallyTrue;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.readiness.ScriptedProbe.Hold;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that ask while the gate is at work. */
@Tag("R-2")
class UndisturbedReadersTest {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final GateRig rig = new GateRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private ReadinessGate gate(Probe probe) {
        return rig.build(rig.builder(rig.flags(Map.of("purge", "on")))
                .probe("database", probe)
                .always("database")
                .job("declared")
                .job(Job.of("purge").destructive()));
    }

    @Test
    void neverWaitsWhileChecksHangAndTheGatePublishes() throws Exception {
        Hold hold = new Hold();
        ReadinessGate gate = gate(hold::passStubbornly);
        hold.awaitReached();
        AtomicBoolean asking = new AtomicBoolean(true);
        AtomicLong asked = new AtomicLong();
        List<Thread> checkers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread checker = new Thread(() -> {
                while (asking.get()) {
                    gate.shouldRun("declared");
                    gate.shouldRun("purge");
                    asked.incrementAndGet();
                }
            });
            checkers.add(checker);
            checker.start();
        }
        DependencyHandle database = gate.dependency("database");
        for (int i = 0; i < 50; i++) {
            rig.advance(Duration.ofSeconds(3));
            database.success();
            database.failure(new ConnectException("Connection refused"));
            long before = asked.get();
            eventuallyTrue(() -> asked.get() > before + 100);
        }
        List<Long> blockedOrWaiting = checkers.stream()
                .map(checker -> THREADS.getThreadInfo(checker.getId()))
                .map(info -> info.getBlockedCount() + info.getWaitedCount())
                .toList();
        asking.set(false);
        for (Thread checker : checkers) {
            checker.join();
        }
        hold.release();

        assertThat(blockedOrWaiting).containsOnly(0L);
    }
}
