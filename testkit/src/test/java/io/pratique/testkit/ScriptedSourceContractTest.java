package io.pratique.testkit;

import io.pratique.flags.spi.FlagSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;

/** A scripted source without a script is a sound source. */
@Tag("B-5")
class ScriptedSourceContractTest extends FlagSourceContract {

    private final Map<String, String> written = new TreeMap<>();
    private final List<ScriptedSource> sources = new ArrayList<>();
    private boolean away;

    @Override
    protected FlagSource openSource() {
        ScriptedSource source = new ScriptedSource("scripted");
        written.forEach(source::put);
        if (away) {
            source.everyLoad().fails(new IOException("away"));
        }
        sources.add(source);
        return source;
    }

    @Override
    protected void write(Map<String, String> values) {
        written.putAll(values);
        sources.forEach(source -> {
            values.forEach(source::put);
            source.announce();
        });
    }

    @Override
    protected void remove(String key) {
        written.remove(key);
        sources.forEach(source -> source.remove(key).announce());
    }

    @Override
    protected void takeBackendAway() {
        away = true;
        sources.forEach(source -> source.everyLoad().fails(new IOException("away")));
    }

    @Override
    protected void bringBackendBack() {
        away = false;
        sources.forEach(ScriptedSource::behave);
    }
}
