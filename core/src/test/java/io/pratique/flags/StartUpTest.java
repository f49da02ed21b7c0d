package io.pratique.flags;

import static io.pratique.flags.Eventually.PATIENCE;
import static io.pratique.flags.Eventually.eventually;
import static io.pratique.flags.Eventually.eventuallyTrue;
import static io.pratique.flags.Eventually.refreshed;
import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.FakeSource.Hold;
import io.pratique.flags.spi.FlagSet;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a source does at start-up, the application starts; what it says counts as soon as it says it. */
@Tag("F-8")
@Timeout(120)
class StartUpTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final Rig rig = new Rig();
    private final Hold hold = new Hold();
    private final FakeSource source = new FakeSource("store");

    @AfterEach
    void close() {
        hold.release();
        rig.close();
    }

    private static FlagSet off() {
        return FlagSet.of(Map.of("a", "off"));
    }

    private void hangsStubbornly() {
        source.answers(() -> {
            hold.passStubbornly();
            return off();
        });
    }

    @Test
    void buildWaitsForTheFirstAnswer() throws Exception {
        hangsStubbornly();
        AtomicReference<Thread> builder = new AtomicReference<>();
        CompletableFuture<FlagClient> built = CompletableFuture.supplyAsync(() -> {
            builder.set(Thread.currentThread());
            return rig.client(FlagClient.builder().startupTimeout(LONG), source);
        });
        hold.awaitReached();
        eventuallyTrue(() -> builder.get().getState() == Thread.State.WAITING);
        assertThat(built).isNotDone();

        hold.release();

        assertThat(built)
                .succeedsWithin(PATIENCE)
                .satisfies(client -> assertThat(client.isEnabled("a")).isFalse());
    }

    @Test
    void buildWaitsForAllOfSeveral() {
        FakeSource slow = FakeSource.of("slow", Map.of("b", "off"));
        FlagClient client =
                rig.client(FlagClient.builder().startupTimeout(LONG), FakeSource.of("quick", Map.of("a", "off")), slow);

        assertThat(client.evaluate("c").unanswered()).isEmpty();
        assertThat(client.isEnabled("b")).isFalse();
    }

    @Test
    void buildDoesNotWaitLongerThanForTheFirstFailure() {
        source.fails();

        FlagClient client = rig.client(FlagClient.builder().startupTimeout(LONG), source);

        assertThat(client.isEnabled("a")).isTrue();
        assertThat(client.sources().get(0).consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void buildDoesNotWaitLongerThanTheFirstLoadMayTake() {
        hangsStubbornly();

        FlagClient client =
                rig.onMachineTime(FlagClient.builder().startupTimeout(LONG).loadTimeout(SHORT), source);

        assertThat(client.sources().get(0).error()).contains("no answer within");
    }

    @Test
    void buildWaitsAtMostTheStartupTimeoutForOneThatHangs() throws Exception {
        hangsStubbornly();

        FlagClient client =
                rig.client(FlagClient.builder().startupTimeout(SHORT).loadTimeout(LONG), source);

        assertThat(client.isEnabled("a")).isTrue();
        assertThat(client.evaluate("a").errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
        assertThat(client.handle("a").isReady()).isFalse();
        assertThat(client.sources().get(0).state()).isEqualTo(SourceStatus.State.NOT_READY);
        assertThat(client.sources().get(0).loadingFor()).isNotNull();
    }

    @Test
    void aThreadThatIsInterruptedGetsAnAnswerNotADefaultAndStaysInterrupted() {
        source.answers(Map.of("a", "off"));
        Thread.currentThread().interrupt();

        FlagClient client = rig.client(FlagClient.builder().startupTimeout(LONG), source);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(client.isEnabled("a")).isFalse();
    }

    @Test
    void buildReturnsAtOnceWithoutSources() {
        assertThat(rig.client(FlagClient.builder().startupTimeout(LONG)).sources())
                .isEmpty();
    }

    @Test
    void oneThatHungIsBelievedAsSoonAsItAnswers() {
        hangsStubbornly();
        FlagClient client =
                rig.client(FlagClient.builder().startupTimeout(SHORT).loadTimeout(LONG), source);
        FlagHandle handle = client.handle("a");

        hold.release();

        eventually(() -> assertThat(client.isEnabled("a")).isFalse());
        eventually(() -> assertThat(handle.isEnabled()).isFalse());
        eventually(() -> assertThat(handle.isReady()).isTrue());
        assertThat(client.evaluate("a").reason()).isEqualTo(Reason.STATIC);
    }

    @Test
    void oneThatFailedIsBelievedAsSoonAsItAnswers() {
        source.fails();
        FlagClient client = rig.client(source);
        source.answers(Map.of("a", "off"));

        rig.advance(Duration.ofSeconds(30));

        eventually(() -> assertThat(client.isEnabled("a")).isFalse());
    }

    @Test
    void oneThatLiesIsNotBelieved() {
        source.answers(() -> null);
        FlagClient client = rig.client(source);

        assertThat(client.evaluate("a").errorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
        assertThat(client.sources().get(0).error()).contains("returned null");

        source.answers(Map.of("a", "off"));
        refreshed(client);
        assertThat(client.isEnabled("a")).isFalse();
    }

    @Test
    void oneThatHangsDelaysNoOtherAndNoCheck() {
        hangsStubbornly();
        FakeSource other = FakeSource.of("other", Map.of("b", "off"));

        FlagClient client = rig.onMachineTime(
                FlagClient.builder().startupTimeout(SHORT).ttl(SHORT).loadTimeout(LONG), source, other);

        // On a busy machine the other one's first load may take longer than build() waits here.
        eventually(() -> assertThat(client.isEnabled("b")).isFalse());
        other.answers(Map.of("b", "on"));
        eventually(() -> assertThat(client.isEnabled("b")).isTrue());
        int loads = other.started();
        eventually(() -> assertThat(other.started()).isGreaterThan(loads + 5));
        assertThat(source.started()).isEqualTo(1);
    }
}
