package io.pratique.release.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.release.io.HttpAnswer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;

/** What a URL answers: the status, and the JSON or text, of which a megabyte at most is read. Who asks interrupts it. */
final class HttpFact implements Callable<JsonNode> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int SHOWN = 1_000;

    private final URI url;

    HttpFact(URI url) {
        this.url = HttpAnswer.requireUrl("URL of a fact", url);
    }

    @Override
    public JsonNode call() throws IOException, InterruptedException {
        HttpAnswer answer = HttpAnswer.get(url, LONGEST);
        return JSON.createObjectNode()
                .put("url", HttpAnswer.shown(url))
                .put("status", answer.status())
                .set("answer", parsed(answer.body()));
    }

    private static JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException noJson) {
            return JSON.getNodeFactory().textNode(body.substring(0, Math.min(SHOWN, body.length())));
        }
    }
}
