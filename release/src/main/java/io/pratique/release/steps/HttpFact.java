package io.pratique.release.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/** What a URL answers: the status, and the JSON or text, of which a megabyte at most is read. Who asks interrupts it. */
final class HttpFact implements Callable<JsonNode> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LIMIT = 1 << 20;
    private static final int SHOWN = 1_000;

    private final URI url;

    HttpFact(URI url) {
        if (url == null
                || url.getHost() == null
                || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(
                    "URL of a fact must begin with http:// or https:// and a host, such as http://localhost:8080/health");
        }
        this.url = url;
    }

    @Override
    public JsonNode call() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofInputStream());
        String body;
        try (InputStream in = response.body()) {
            body = new String(in.readNBytes(LIMIT), StandardCharsets.UTF_8);
        }
        ObjectNode fact = JSON.createObjectNode().put("url", shown()).put("status", response.statusCode());
        return fact.set("answer", parsed(body));
    }

    private static JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException noJson) {
            return JSON.getNodeFactory().textNode(body.substring(0, Math.min(SHOWN, body.length())));
        }
    }

    /** Without user, password and query, where secrets may stand. */
    private String shown() {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()) + path;
    }
}
