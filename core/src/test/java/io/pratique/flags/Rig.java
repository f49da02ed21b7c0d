package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A clock, the clients that go by it, and what they log. Closing it closes them all. */
final class Rig implements AutoCloseable {

    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final CapturedLog log = CapturedLog.of(FlagClient.class);
    private final List<FlagClient> built = new ArrayList<>();

    FlagClient client(FakeSource... sources) {
        return client(FlagClient.builder(), sources);
    }

    FlagClient client(FlagClient.Builder builder, FakeSource... sources) {
        return onMachineTime(builder.clock(clock::get), sources);
    }

    /** Without this rig's clock: loads follow each other as the settings say. */
    FlagClient onMachineTime(FlagClient.Builder builder, FakeSource... sources) {
        for (FakeSource source : sources) {
            builder.source(source);
        }
        FlagClient client = builder.build();
        built.add(client);
        return client;
    }

    /** An evaluation with which the handle and all forms of the check agree. */
    static FlagEvaluation agreed(FlagClient client, String key) {
        FlagEvaluation evaluation = client.evaluate(key);
        assertThat(client.isEnabled(key)).isEqualTo(evaluation.enabled());
        assertThat(client.isEnabled(new String(key.toCharArray()))).isEqualTo(evaluation.enabled());
        assertThat(client.handle(key).isEnabled()).isEqualTo(evaluation.enabled());
        assertThat(evaluation.key()).isEqualTo(key);
        return evaluation;
    }

    void advance(Duration by) {
        clock.updateAndGet(now -> now.plus(by));
    }

    CapturedLog log() {
        return log;
    }

    @Override
    public void close() {
        built.forEach(FlagClient::close);
        log.close();
    }
}
