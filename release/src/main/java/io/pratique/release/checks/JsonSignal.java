package io.pratique.release.checks;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.io.HttpAnswer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** A number within the JSON that a URL answers with. */
final class JsonSignal implements SignalSource {

    static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 200;

    private final URI url;
    private final JsonPointer pointer;

    private JsonSignal(URI url, JsonPointer pointer) {
        this.url = url;
        this.pointer = pointer;
    }

    static JsonSignal of(URI url, String pointer) {
        return new JsonSignal(HttpAnswer.requireUrl("URL of a signal", url), JsonPointer.compile(pointer));
    }

    @Override
    public double read() throws IOException, InterruptedException {
        HttpAnswer answer = HttpAnswer.get(url, TIMEOUT);
        JsonNode at = parse(url, answer).at(pointer);
        if (at.isMissingNode()) {
            throw new IOException(HttpAnswer.shown(url) + " answers with status " + answer.status()
                    + " and nothing at \"" + FlagText.printable(pointer.toString(), SHOWN) + "\"");
        }
        return at.isNull() ? Double.NaN : number(url, at);
    }

    /** Any answer as JSON. */
    static JsonNode parse(URI url, HttpAnswer answer) throws IOException {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new IOException(
                    HttpAnswer.shown(url) + " answers with status " + answer.status() + " and no JSON: "
                            + FlagText.printable(answer.body(), SHOWN),
                    e);
        }
    }

    /** A number, or a text that is one: JSON has no others for infinity and what is no number. */
    static double number(URI url, JsonNode node) throws IOException {
        if (node.isNumber()) {
            return node.asDouble();
        }
        String text = node.isTextual() ? node.asText() : "";
        try {
            return switch (text) {
                case "+Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(text);
            };
        } catch (NumberFormatException e) {
            throw new IOException(
                    HttpAnswer.shown(url) + " answers with \"" + FlagText.printable(node.toString(), SHOWN)
                            + "\", which is no number",
                    e);
        }
    }
}
