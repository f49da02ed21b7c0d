package io.pratique.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes what the store would refuse: any key, any text. The script would refuse that too, so the text comes after. */
final class RawWriter implements AutoCloseable {

    private static final String NAMESPACE = "pratique";

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    RawWriter(String uri) {
        this.client = RedisClient.create(uri);
        this.connection = client.connect();
    }

    void write(Map<String, String> values) {
        if (values.isEmpty()) {
            return;
        }
        List<String> arguments = begin();
        values.forEach((key, value) ->
                arguments.addAll(List.of(UUID.randomUUID().toString(), key, "set", "off", "", "", "ada", "test")));
        RedisCommands<String, String> commands = connection.sync();
        commands.multi();
        run(arguments);
        commands.hset(Keys.in(NAMESPACE, Keys.FLAGS)[0], values);
        commands.exec();
    }

    void clear(String key) {
        List<String> arguments = begin();
        arguments.addAll(List.of(UUID.randomUUID().toString(), key, "clear", "", "", "", "ada", "test"));
        run(arguments);
    }

    private void run(List<String> arguments) {
        connection
                .sync()
                .eval(
                        Script.WRITE.text(),
                        ScriptOutputType.MULTI,
                        Script.WRITE.keys(NAMESPACE),
                        arguments.toArray(String[]::new));
    }

    private static List<String> begin() {
        return new ArrayList<>(
                List.of(Keys.channel(NAMESPACE), UUID.randomUUID().toString()));
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
