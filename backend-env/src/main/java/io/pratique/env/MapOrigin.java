package io.pratique.env;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Supplier;

/** Variables in memory: the environment, the system properties, or a map of the caller's. */
final class MapOrigin implements Origin {

    private final List<Supplier<? extends Map<String, String>>> layers;
    private final boolean canChange;

    private MapOrigin(boolean canChange, List<Supplier<? extends Map<String, String>>> layers) {
        this.canChange = canChange;
        this.layers = layers;
    }

    static MapOrigin environment() {
        Map<String, String> environment = Map.copyOf(System.getenv());
        return new MapOrigin(false, List.of(() -> environment));
    }

    static MapOrigin systemProperties() {
        return new MapOrigin(true, List.of(MapOrigin::properties));
    }

    static MapOrigin systemPropertiesAboveEnvironment() {
        Map<String, String> environment = Map.copyOf(System.getenv());
        return new MapOrigin(true, List.of(MapOrigin::properties, () -> environment));
    }

    /** Maps of others, which may change at any time and hold nulls. */
    static MapOrigin of(List<Supplier<? extends Map<String, String>>> layers) {
        List<Supplier<? extends Map<String, String>>> copying = new ArrayList<>();
        layers.forEach(layer -> copying.add(() -> withoutNulls(layer.get())));
        return new MapOrigin(true, copying);
    }

    private static Map<String, String> withoutNulls(Map<String, String> variables) {
        Map<String, String> copy = new HashMap<>(variables);
        copy.remove(null);
        copy.values().removeIf(Objects::isNull);
        return copy;
    }

    /** Others may set properties meanwhile, and may have put things in that are no text. */
    private static Map<String, String> properties() {
        Properties properties = System.getProperties();
        Map<String, String> texts = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            String text = properties.getProperty(name);
            if (text != null) {
                texts.put(name, text);
            }
        }
        return texts;
    }

    @Override
    public Look look() {
        return new Copy(layers.stream().<Map<String, String>>map(Supplier::get).toList());
    }

    @Override
    public int layers() {
        return layers.size();
    }

    @Override
    public boolean isWrittenInSteps() {
        return false;
    }

    @Override
    public boolean canChange() {
        return canChange;
    }

    /** The variables themselves are the look: there is nothing more to read. Nobody else writes to these maps. */
    private record Copy(List<Map<String, String>> layers) implements Look {

        @Override
        public void readInto(Draft draft) {
            for (int i = 0; i < layers.size(); i++) {
                int layer = i;
                layers.get(i).forEach((name, text) -> draft.add(layer, name, text));
            }
        }

        @Override
        public boolean isExact() {
            return true;
        }

        /** Says nothing of the variables: most of them are not flags. */
        @Override
        public String toString() {
            return "Copy[" + layers.size() + " layers]";
        }
    }
}
