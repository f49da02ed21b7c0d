package io.pratique.benchmarks.health;

import com.sun.net.httpserver.HttpServer;
import io.pratique.benchmarks.shared.Spread;
import io.pratique.flags.FlagClient;
import io.pratique.health.HealthEndpoints;
import io.pratique.health.HealthServer;
import io.pratique.readiness.ProbeResult;
import io.pratique.readiness.ProbeSettings;
import io.pratique.readiness.ReadinessGate;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * How long {@code /health/ready} takes while every probe hangs, beside a handler of the JDK's server that returns a
 * constant, asked in turn; what probes at rest cost; and how many threads hung ones hold.
 */
public final class ReadyAnswers {

    private static final int WARM_UP = 5_000;
    private static final int INTERVALS = 3;
    private static final int ROUNDS = 3;

    private ReadyAnswers() {}

    /**
     * Measures and prints.
     *
     * @param args the number of requests, 20,000 if left out; the number of probes, 50 if left out; the seconds of rest,
     *     20 if left out
     * @throws Exception if a server fails
     */
    public static void main(String[] args) throws Exception {
        int requests = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        int probes = args.length > 1 ? Integer.parseInt(args[1]) : 50;
        int rest = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        System.out.printf(
                "%d requests in turn with %d for the constant, %d probes, loopback, %d processors, Java %s%n",
                requests, requests, probes, Runtime.getRuntime().availableProcessors(), Runtime.version());
        try (FlagClient flags = FlagClient.builder().build()) {
            answer(flags, requests, probes);
            rest(flags, probes, Duration.ofSeconds(rest));
        }
        System.exit(0);
    }

    private static void answer(FlagClient flags, int requests, int probes) throws Exception {
        int threadsBefore = Thread.activeCount();
        CountDownLatch never = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer constant = constant(threads);
        ReadinessGate gate = hungGate(flags, probes, never);
        HealthEndpoints endpoints = HealthEndpoints.builder("benchmark", gate).build();
        try (gate;
                HealthServer server = HealthServer.start(endpoints, loopback(0))) {
            int[] ports = {
                server.port(),
                constant.getAddress().getPort(),
                constant.getAddress().getPort()
            };
            var unusedToo = ask(ports, WARM_UP);
            var unused = compute(endpoints, WARM_UP);
            int[] threadsHeld = new int[INTERVALS];
            Spread[] times = ask(ports, requests);
            System.out.println(String.format(Locale.ROOT, "%-48s %9s %9s %9s", "milliseconds", "p50", "p99", "max"));
            System.out.println(line("/health/ready while every probe hangs", times[0]));
            System.out.println(line("a handler that returns a constant", times[1]));
            System.out.println(line("the same again", times[2]));
            System.out.println(line("the answer itself, without a connection", compute(endpoints, requests)));
            System.out.println(ratio("/health/ready as a multiple of the constant", times[0], times[1]));
            System.out.println(ratio("the constant as a multiple of itself", times[2], times[1]));
            for (int i = 0; i < INTERVALS; i++) {
                threadsHeld[i] = probeThreads();
                TimeUnit.SECONDS.sleep(10);
            }
            System.out.printf(
                    "threads in %d hung probes, %d s apart: %d, %d, %d (the JVM had %d before)%n",
                    probes, 10, threadsHeld[0], threadsHeld[1], threadsHeld[2], threadsBefore);
        }
        never.countDown();
        constant.stop(0);
        threads.shutdownNow();
    }

    private static ReadinessGate hungGate(FlagClient flags, int probes, CountDownLatch never) {
        ReadinessGate.Builder builder = ReadinessGate.builder().flags(flags);
        for (int i = 0; i < probes; i++) {
            builder.probe("dependency-" + i, () -> {
                awaitDeaf(never);
                return ProbeResult.up();
            });
            builder.always("dependency-" + i);
        }
        return builder.build();
    }

    private static String line(String what, Spread times) {
        return String.format(
                Locale.ROOT,
                "%-48s %9.3f %9.3f %9.3f",
                what,
                times.at(0.5) / 1e6,
                times.at(0.99) / 1e6,
                times.at(1.0) / 1e6);
    }

    private static String ratio(String what, Spread times, Spread reference) {
        return String.format(
                Locale.ROOT,
                "%-48s %8.2fx %8.2fx %8.2fx",
                what,
                (double) times.at(0.5) / reference.at(0.5),
                (double) times.at(0.99) / reference.at(0.99),
                (double) times.at(1.0) / reference.at(1.0));
    }

    /** A hung check of the worst kind: it does not hear its interrupt. */
    private static void awaitDeaf(CountDownLatch latch) {
        boolean over = false;
        while (!over) {
            try {
                latch.await();
                over = true;
            } catch (InterruptedException e) {
                over = false;
            }
        }
    }

    private static int probeThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pratique-probe-"))
                .count();
    }

    private static HttpServer constant(ExecutorService threads) throws IOException {
        byte[] body = "{\"ready\":false,\"draining\":false,\"status\":\"unhealthy\",\"service\":\"benchmark\"}"
                .getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(loopback(0), 1_024);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(threads);
        server.start();
        return server;
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Asks each port in turn, on a new connection each time, as an orchestrator does. */
    private static Spread[] ask(int[] ports, int requests) throws IOException {
        Spread[] times = new Spread[ports.length];
        for (int i = 0; i < ports.length; i++) {
            times[i] = new Spread();
        }
        for (int n = 0; n < requests; n++) {
            for (int i = 0; i < ports.length; i++) {
                int which = (i + n) % ports.length;
                times[which].add(ask(ports[which]));
            }
        }
        return times;
    }

    private static long ask(int port) throws IOException {
        byte[] request = "GET /health/ready HTTP/1.1\r\nHost: benchmark\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        long start = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.connect(loopback(port));
            socket.getOutputStream().write(request);
            byte[] answer = socket.getInputStream().readAllBytes();
            long took = System.nanoTime() - start;
            if (answer.length < 100) {
                throw new IOException("an answer of " + answer.length + " bytes");
            }
            return took;
        }
    }

    /** What the server does between reading and sending. */
    private static Spread compute(HealthEndpoints endpoints, int times) {
        Spread spread = new Spread();
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            int length = endpoints.answer("GET", "/health/ready", null).body().length();
            spread.add(System.nanoTime() - start);
            if (length < 50) {
                throw new IllegalStateException("an answer of " + length + " characters");
            }
        }
        return spread;
    }

    /** In turn with the same process without probes: what a JVM does on its own comes and goes. */
    private static void rest(FlagClient flags, int probes, Duration time) throws Exception {
        ReadinessGate busy = gate(flags, probes, ProbeSettings.defaults().interval(Duration.ofMillis(5)));
        // A process that has run for a day has compiled what it does all day.
        TimeUnit.SECONDS.sleep(15);
        busy.close();
        for (int round = 0; round < ROUNDS; round++) {
            double without = cpuShare(time);
            try (ReadinessGate gate = gate(flags, probes, ProbeSettings.defaults())) {
                double with = cpuShare(time);
                System.out.printf(
                        Locale.ROOT,
                        "%d probes at rest: %.3f %% of a core over %d s; the same process without: %.3f %%%n",
                        gate.health().checks().size(),
                        with * 100,
                        time.toSeconds(),
                        without * 100);
            }
        }
    }

    private static ReadinessGate gate(FlagClient flags, int probes, ProbeSettings settings) {
        ReadinessGate.Builder builder = ReadinessGate.builder().flags(flags);
        for (int i = 0; i < probes; i++) {
            builder.probe("dependency-" + i, ProbeResult::up, settings);
        }
        return builder.build();
    }

    /** How much of a core the whole process takes, after a while to settle. */
    private static double cpuShare(Duration time) throws InterruptedException {
        TimeUnit.SECONDS.sleep(20);
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long wall = System.nanoTime();
        long cpu = system.getProcessCpuTime();
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
        return (double) (system.getProcessCpuTime() - cpu) / (System.nanoTime() - wall);
    }
}
