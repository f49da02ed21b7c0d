package io.pratique.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes what the store would refuse: any key, any text. */
final class RawWriter implements AutoCloseable {

    private final Server server;

    RawWriter(String uri) {
        this.server =
                new Server(new OwnAccess(RedisTarget.of(uri), RedisSettings.defaults()), RedisSettings.defaults());
    }

    void write(Map<String, String> values) throws InterruptedException {
        List<String> arguments = begin();
        values.forEach((key, value) ->
                arguments.addAll(List.of(UUID.randomUUID().toString(), key, "set", value, "", "", "ada", "test")));
        server.run(Script.WRITE, arguments);
    }

    void clear(String key) throws InterruptedException {
        List<String> arguments = begin();
        arguments.addAll(List.of(UUID.randomUUID().toString(), key, "clear", "", "", "", "ada", "test"));
        server.run(Script.WRITE, arguments);
    }

    private static List<String> begin() {
        return new ArrayList<>(
                List.of(Keys.channel("pratique"), UUID.randomUUID().toString()));
    }

    @Override
    public void close() {
        server.close();
    }
}
