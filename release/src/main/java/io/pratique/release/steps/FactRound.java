package io.pratique.release.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.flags.spi.FlagText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Asks for facts, all at the same time, each on a daemon thread of its own that nobody waits for longer than its time. */
final class FactRound {

    /** Stands in place of what could not be had. */
    static final String ERROR = "error";

    private static final ObjectMapper JSON = new ObjectMapper();

    private FactRound() {}

    static Map<List<String>, JsonNode> ask(Map<List<String>, Callable<?>> facts, Duration timeout)
            throws InterruptedException {
        Map<List<String>, FutureTask<JsonNode>> asked = new LinkedHashMap<>();
        CountDownLatch open = new CountDownLatch(facts.size());
        facts.forEach((place, fact) -> asked.put(place, ask(place, fact, open)));
        try {
            boolean unused = open.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
            Map<List<String>, JsonNode> answers = new LinkedHashMap<>();
            for (Map.Entry<List<String>, FutureTask<JsonNode>> task : asked.entrySet()) {
                answers.put(task.getKey(), answer(task.getValue(), timeout));
            }
            return answers;
        } finally {
            asked.values().forEach(task -> task.cancel(true));
        }
    }

    private static FutureTask<JsonNode> ask(List<String> place, Callable<?> fact, CountDownLatch open) {
        FutureTask<JsonNode> task =
                new FutureTask<>(() ->
                        Objects.<JsonNode>requireNonNull(JSON.valueToTree(fact.call()), "a fact must not be null")) {
                    @Override
                    protected void done() {
                        open.countDown();
                    }
                };
        Thread thread = new Thread(task, "pratique-fact-" + String.join("-", place));
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static JsonNode answer(FutureTask<JsonNode> task, Duration timeout) throws InterruptedException {
        try {
            return task.isDone() ? task.get() : error("took longer than " + timeout);
        } catch (ExecutionException e) {
            return error(FlagText.printable(Objects.requireNonNull(e.getCause())));
        }
    }

    private static JsonNode error(String text) {
        return JSON.createObjectNode().put(ERROR, text);
    }
}
