package io.pratique.release.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pratique.release.ReleaseHistory;
import io.pratique.release.ReleaseOutcome;
import io.pratique.release.incidents.Delivery.State;
import io.pratique.release.incidents.Releasing.Verification;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an incident whose receivers are down, slow, refuse it, or break. */
@Tag("S-6")
class DeliveryIT {

    @TempDir
    private Path directory;

    private Releasing releasing;
    private Answering server;
    private Incidents incidents;

    @BeforeEach
    void start() throws Exception {
        releasing = new Releasing(directory.resolve("releases"));
        server = new Answering(Answering.status(200, "ok"));
        URI url = server.url();
        incidents = releasing
                .incidents()
                .receiver("hook", JsonWebhook.of(() -> url + "/hooks/hunter2hunter2"))
                .timeout(Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Delivery delivery() throws Exception {
        return delivery("hook");
    }

    private Delivery delivery(String receiver) throws Exception {
        assertThat(incidents.list()).hasSize(1);
        return incidents.list().get(0).delivery(receiver);
    }

    @Nested
    class ToAReceiverThatIsDown {

        @Test
        void isQueuedUntilTheNextReleaseFindsItUp() throws Exception {
            int port = server.port();
            server.close();
            releasing.rollBack("v2", incidents);
            assertThat(delivery().state()).isEqualTo(State.QUEUED);
            assertThat(delivery().attempts()).isEqualTo(1);
            assertThat(delivery().error()).contains("does not answer", "ConnectException");
            assertThat(delivery().nextTry()).isEqualTo(Releasing.START.plus(Duration.ofMinutes(1)));

            server = new Answering(port, Answering.status(204, ""));
            releasing.pass(Duration.ofMinutes(1));
            releasing.run("v2", Verification.PASSES, incidents);

            assertThat(delivery().state()).isEqualTo(State.DELIVERED);
            assertThat(delivery().error()).isNull();
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void isTriedLessAndLessOften() throws Exception {
            server.answer(Answering.status(500, ""));
            releasing.rollBack("v2", incidents);
            List<Duration> pauses = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                Duration pause =
                        Duration.between(releasing.instant(), delivery().nextTry());
                pauses.add(pause);
                releasing.pass(pause.minusSeconds(1));
                assertThat(incidents.deliver()).isEmpty();
                releasing.pass(Duration.ofSeconds(1));
                assertThat(incidents.deliver()).hasSize(1);
            }

            assertThat(pauses).extracting(Duration::toMinutes).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
            server.answer(Answering.status(201, ""));
            incidents.requeue();
            incidents.deliver();
            assertThat(delivery().state()).isEqualTo(State.DELIVERED);
            incidents.requeue();
            assertThat(incidents.deliver()).isEmpty();
        }

        @Test
        void isAskedOnceForAllThatWait() throws Exception {
            server.answer(Answering.status(503, ""));
            releasing.rollBack("v2", releasing.incidents());
            releasing.rollBack("v3", releasing.incidents());
            releasing.rollBack("v4", releasing.incidents());

            incidents.deliver();

            assertThat(server.requests()).hasSize(1);
            assertThat(server.requests().get(0).body()).contains("\"3-v4\"");
        }

        /** A clock that was a year ahead has written when to try again. */
        @Test
        void isTriedThoughAClockHasJumpedBack() throws Exception {
            server.answer(Answering.status(503, ""));
            releasing.rollBack("v2", incidents);
            releasing.pass(Duration.ofDays(-365));

            assertThat(incidents.deliver()).hasSize(1);
        }
    }

    @Nested
    class ToAReceiverThatRefuses {

        @Test
        void staysVisibleAndIsNotTriedAgain() throws Exception {
            server.answer(Answering.status(401, "who are you, hunter2hunter2?"));
            releasing.rollBack("v2", incidents);
            releasing.pass(Duration.ofDays(1));

            assertThat(incidents.deliver()).isEmpty();
            assertThat(delivery().state()).isEqualTo(State.REFUSED);
            assertThat(delivery().error()).isEqualTo("the webhook answers with status 401: who are you, ***?");
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void isTriedAgainOnceSomebodySaysSo() throws Exception {
            server.answer(Answering.status(404, ""));
            releasing.rollBack("v2", incidents);
            server.answer(Answering.status(200, ""));

            incidents.requeue();
            incidents.deliver();

            assertThat(delivery().state()).isEqualTo(State.DELIVERED);
        }

        @Test
        void showsNoSecretAnywhere() throws Exception {
            server.answer(Answering.status(422, "/hooks/hunter2hunter2 is wrong"));
            releasing.rollBack("v2", incidents);

            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain("hunter2");
                }
            }
            assertThat(ReleaseHistory.in(releasing.releases).releases().get(0).steps())
                    .last()
                    .satisfies(step -> assertThat(step.detail()).contains("refused", "status 422: ***"));
        }
    }

    @Nested
    class ToAReceiverThatIsSlow {

        @Test
        void isGivenUpInTimeAndOthersAreTold() throws Exception {
            CountDownLatch never = new CountDownLatch(1);
            server.answer((request, exchange) -> never.await());
            AtomicInteger told = new AtomicInteger();
            incidents = incidents.timeout(Duration.ofSeconds(3)).receiver("other", incident -> {
                told.incrementAndGet();
                return null;
            });

            releasing.rollBack("v2", incidents);

            assertThat(delivery().state()).isEqualTo(State.QUEUED);
            assertThat(delivery().error()).isEqualTo("it took longer than PT3S");
            assertThat(told).hasValue(1);
        }

        @Test
        void isGivenUpAlsoIfItNeverStopsToAnswer() throws Exception {
            CountDownLatch over = new CountDownLatch(1);
            server.answer((request, exchange) -> {
                exchange.sendResponseHeaders(200, 0);
                while (!over.await(5, TimeUnit.MILLISECONDS)) {
                    exchange.getResponseBody().write(' ');
                    exchange.getResponseBody().flush();
                }
            });
            incidents = incidents.timeout(Duration.ofMillis(300));

            releasing.rollBack("v2", incidents);
            over.countDown();

            assertThat(delivery().error()).isEqualTo("it took longer than PT0.3S");
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("pratique-incident-hook")));
        }
    }

    /** Whom it was told "open" after "closed" would have an alert that nobody ends. */
    @Test
    void isNotToldToAReceiverThatStillHearsWhatWasBefore() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Boolean> told = Collections.synchronizedList(new ArrayList<>());
        incidents = releasing.incidents().timeout(Duration.ofMillis(100)).receiver("deaf", incident -> {
            while (incident.isOpen() && go.getCount() > 0) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    // That is what this is about.
                }
            }
            told.add(incident.isOpen());
            return null;
        });
        releasing.rollBack("v2", incidents);
        incidents.close("1-v2", "ada", "");
        incidents.deliver();
        assertThat(delivery("deaf").error()).isEqualTo("the attempt before goes on although it was interrupted");

        go.countDown();
        await().until(() -> told.size() == 1);
        await().until(() -> {
            incidents.requeue();
            incidents.deliver();
            return delivery("deaf").state() == State.DELIVERED;
        });

        assertThat(told).containsExactly(true, false);
    }

    @Test
    void isNotedBeforeItIsTold() throws Exception {
        releasing.rollBack("v2", releasing.incidents());
        List<Delivery> noted = new ArrayList<>();
        incidents = releasing.incidents().receiver("new", incident -> {
            noted.addAll(releasing.incidents().list().get(0).deliveries());
            return null;
        });

        incidents.deliver();

        assertThat(noted).containsExactly(Delivery.to("new"));
    }

    @Test
    void isToldAlsoIfAnotherCannotBeRead() throws Exception {
        server.answer(Answering.status(401, ""));
        releasing.rollBack("v2", incidents);
        Files.writeString(releasing.releases.resolve("incidents/9-v9.json"), "broken");
        server.answer(Answering.status(200, ""));

        incidents.requeue();

        assertThat(incidents.deliver()).extracting(Incident::id).containsExactly("1-v2");
    }

    @Nested
    class ToAReceiverThatBreaks {

        @Test
        void isQueuedAndChangesNothing() throws Exception {
            incidents = incidents
                    .receiver("broken", incident -> {
                        throw new NoClassDefFoundError("gone");
                    })
                    .receiver("odd", incident -> URI.create("javascript:alert(1)"));

            releasing.rollBack("v2", incidents);

            assertThat(delivery("broken").error()).contains("NoClassDefFoundError: gone");
            assertThat(delivery("odd").state()).isEqualTo(State.DELIVERED);
            assertThat(delivery("odd").link()).isNull();
            assertThat(delivery().state()).isEqualTo(State.DELIVERED);
        }
    }

    @Nested
    class ByTwoAtOnce {

        @Test
        void isMadeOnce() throws Exception {
            releasing.rollBack("v2", releasing.incidents());
            releasing.rollBack("v3", releasing.incidents());
            CountDownLatch first = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            server.answer((request, exchange) -> {
                first.countDown();
                go.await();
                Answering.send(exchange, 200, "");
            });

            List<FutureTask<List<Incident>>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                FutureTask<List<Incident>> task = new FutureTask<>(incidents::deliver);
                tasks.add(task);
                new Thread(task).start();
            }
            first.await();
            go.countDown();
            for (FutureTask<List<Incident>> task : tasks) {
                task.get();
            }

            assertThat(server.requests()).hasSize(2);
        }

        @Test
        void isMadeOnceByProcesses() throws Exception {
            releasing.rollBack("v2", releasing.incidents());
            CountDownLatch go = new CountDownLatch(1);
            server.answer((request, exchange) -> {
                go.await();
                Answering.send(exchange, 200, "");
            });

            Process first = DeliveringProcess.start(releasing.releases, server.url(), Duration.ofMinutes(1));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !server.requests().isEmpty());
            Process second = DeliveringProcess.start(releasing.releases, server.url(), Duration.ofSeconds(4));
            assertThat(second.waitFor()).isZero();
            go.countDown();
            assertThat(first.waitFor()).isZero();

            assertThat(server.requests()).hasSize(1);
            assertThat(delivery().state()).isEqualTo(State.DELIVERED);
        }

        /** The one that goes on finds that the other was killed before it could note what it has told. */
        @Test
        void isMadeAgainIfOneIsKilledInTheMiddle() throws Exception {
            releasing.rollBack("v2", releasing.incidents());
            CountDownLatch never = new CountDownLatch(1);
            server.answer((request, exchange) -> never.await());
            Process process = DeliveringProcess.start(releasing.releases, server.url(), Duration.ofMinutes(1));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !server.requests().isEmpty());
            process.destroyForcibly().waitFor();
            server.answer(Answering.status(200, ""));

            incidents.deliver();

            assertThat(delivery().state()).isEqualTo(State.DELIVERED);
            assertThat(server.requests())
                    .extracting(request -> request.header(JsonWebhook.KEY))
                    .containsExactly("1-v2", "1-v2");
        }

        @Test
        void isToldAgainIfTheIncidentHasChangedMeanwhile() throws Exception {
            releasing.stuck = true;
            AtomicBoolean changed = new AtomicBoolean();
            incidents = releasing.incidents().receiver("team", incident -> {
                if (changed.compareAndSet(false, true)) {
                    releasing.incidents().openFor(Releasing.record(incident.id(), ReleaseOutcome.ROLLED_BACK));
                }
                return URI.create("https://team/" + incident.revision());
            });

            releasing.run("v2", Verification.FAILS, incidents);

            assertThat(delivery("team").link()).isEqualTo(URI.create("https://team/2"));
            assertThat(delivery("team").attempts()).isEqualTo(1);
        }
    }
}
