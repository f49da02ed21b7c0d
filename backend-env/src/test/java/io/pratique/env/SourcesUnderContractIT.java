package io.pratique.env;

import io.pratique.flags.spi.FlagSource;
import io.pratique.testkit.FlagSourceContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Each kind of source under the contract of all sources. To save minutes, what counts as still here is what was so for
 * 10 ms; the writers below replace files as a whole.
 */
@Tag("B-1")
@Tag("B-5")
@Execution(ExecutionMode.CONCURRENT)
class SourcesUnderContractIT {

    private static final Stillness.Pause SHORT = end -> end.await(10, TimeUnit.MILLISECONDS);
    private static final Naming AS_WRITTEN = Naming.DEFAULT.withMapping(name -> name);

    @Nested
    class SuppliedVariables extends FlagSourceContract {

        private final Map<String, String> variables = new ConcurrentHashMap<>();
        private volatile boolean away;

        private Map<String, String> supply() {
            if (away) {
                throw new IllegalStateException("away");
            }
            return variables;
        }

        @Override
        protected FlagSource openSource() {
            return new EnvFlagSource("vars", MapOrigin.of(List.of(this::supply)), AS_WRITTEN, SHORT);
        }

        @Override
        protected void write(Map<String, String> values) {
            variables.putAll(values);
        }

        @Override
        protected void remove(String key) {
            variables.remove(key);
        }

        @Override
        protected boolean canHoldKey(String key) {
            return !key.isBlank();
        }

        @Override
        protected void takeBackendAway() {
            away = true;
        }

        @Override
        protected void bringBackendBack() {
            away = false;
        }
    }

    @Nested
    @Execution(ExecutionMode.SAME_THREAD)
    class TheSystemProperties extends FlagSourceContract {

        private static final String PREFIX = "pratique-contract.";

        @Override
        protected FlagSource openSource() {
            return new EnvFlagSource("properties", MapOrigin.systemProperties(), AS_WRITTEN.withPrefix(PREFIX), SHORT);
        }

        @Override
        protected void write(Map<String, String> values) {
            values.forEach((key, value) -> System.setProperty(PREFIX + key, value));
        }

        @Override
        protected void remove(String key) {
            System.clearProperty(PREFIX + key);
        }

        @Override
        protected boolean canHoldKey(String key) {
            return !key.isBlank();
        }

        @AfterEach
        void clear() {
            System.getProperties().keySet().removeIf(name -> name.toString().startsWith(PREFIX));
        }
    }

    /** The backend is a file that is written anew from a map. */
    abstract static class FileContract extends FlagSourceContract {

        @TempDir
        private Path dir;

        private final Map<String, String> values = new HashMap<>();

        final Path file() {
            return dir.resolve("flags");
        }

        abstract byte[] text(Map<String, String> values) throws IOException;

        abstract EnvFlagSource open();

        @Override
        protected FlagSource openSource() throws IOException {
            if (values.isEmpty()) {
                store();
            }
            return open();
        }

        private void store() throws IOException {
            Path written = Files.write(dir.resolve("written"), text(values));
            Files.move(written, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        protected void write(Map<String, String> written) throws IOException {
            values.putAll(written);
            store();
        }

        @Override
        protected void remove(String key) throws IOException {
            values.remove(key);
            store();
        }

        @Override
        protected void takeBackendAway() throws IOException {
            if (!Files.exists(file())) {
                store();
            }
            Files.move(file(), dir.resolve("away"));
        }

        @Override
        protected void bringBackendBack() throws IOException {
            Files.move(dir.resolve("away"), file());
        }
    }

    @Nested
    class DotEnvFiles extends FileContract {

        @Override
        EnvFlagSource open() {
            return new EnvFlagSource("file", new FileOrigin(file(), FileOrigin.Format.DOTENV), Naming.DEFAULT, SHORT);
        }

        @Override
        byte[] text(Map<String, String> values) {
            StringBuilder text = new StringBuilder("# flags\n");
            values.forEach((key, value) -> text.append("export ")
                    .append(variable(key))
                    .append("=\"")
                    .append(value.replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("$", "\\$")
                            .replace("\n", "\\n")
                            .replace("\r", "\\r"))
                    .append("\" # a comment\n"));
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }

        private static String variable(String key) {
            return key.toUpperCase(Locale.ROOT).replace('-', '_') + "_ENABLED";
        }

        @Override
        protected boolean canHoldKey(String key) {
            return key.matches("[a-z0-9-]+");
        }

        @Override
        protected boolean canHoldValue(String value) {
            return value.indexOf('\0') < 0;
        }
    }

    @Nested
    class PropertiesFiles extends FileContract {

        @Override
        EnvFlagSource open() {
            return new EnvFlagSource("file", new FileOrigin(file(), FileOrigin.Format.PROPERTIES), AS_WRITTEN, SHORT);
        }

        @Override
        byte[] text(Map<String, String> values) throws IOException {
            Properties properties = new Properties();
            properties.putAll(values);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = bytes) {
                properties.store(out, "flags");
            }
            return bytes.toByteArray();
        }

        @Override
        protected boolean canHoldKey(String key) {
            return !key.isBlank();
        }
    }

    @Nested
    class Directories extends FlagSourceContract {

        @TempDir
        private Path temp;

        private Path dir() throws IOException {
            Path dir = temp.resolve("flags");
            return Files.exists(temp.resolve("away")) ? dir : Files.createDirectories(dir);
        }

        @Override
        protected FlagSource openSource() throws IOException {
            return new EnvFlagSource("directory", new DirectoryOrigin(dir()), AS_WRITTEN, SHORT);
        }

        @Override
        protected void write(Map<String, String> values) throws IOException {
            for (Map.Entry<String, String> value : values.entrySet()) {
                Path written = Files.writeString(dir().resolve(".written"), value.getValue() + "\n");
                Files.move(
                        written,
                        dir().resolve(value.getKey()),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }

        @Override
        protected void remove(String key) throws IOException {
            Files.delete(dir().resolve(key));
        }

        @Override
        protected boolean canHoldKey(String key) {
            return canBeAFile(key);
        }

        @Override
        protected void takeBackendAway() throws IOException {
            Files.move(dir(), temp.resolve("away"));
        }

        @Override
        protected void bringBackendBack() throws IOException {
            Files.move(temp.resolve("away"), temp.resolve("flags"));
        }
    }

    @Nested
    class Mounts extends FlagSourceContract {

        @TempDir
        private Path dir;

        private ConfigMapMount mount;
        private final Map<String, String> values = new HashMap<>();

        private ConfigMapMount mount() throws IOException {
            if (mount == null) {
                mount = new ConfigMapMount(dir);
                mount.publish(values);
            }
            return mount;
        }

        @Override
        protected FlagSource openSource() throws IOException {
            mount();
            return new EnvFlagSource("mount", new DirectoryOrigin(dir), AS_WRITTEN, SHORT);
        }

        @Override
        protected void write(Map<String, String> written) throws IOException {
            written.forEach((key, value) -> values.put(key, value + "\n"));
            mount().publish(values);
        }

        @Override
        protected void remove(String key) throws IOException {
            values.remove(key);
            mount().publish(values);
        }

        @Override
        protected boolean canHoldKey(String key) {
            return canBeAFile(key);
        }

        @Override
        protected void takeBackendAway() throws IOException {
            mount();
            Files.move(dir.resolve("..data"), dir.resolve("..away"));
        }

        @Override
        protected void bringBackendBack() throws IOException {
            Files.move(dir.resolve("..away"), dir.resolve("..data"));
        }
    }

    private static boolean canBeAFile(String key) {
        return !key.isBlank()
                && !key.startsWith(".")
                && key.indexOf('/') < 0
                && key.indexOf('\0') < 0
                && key.length() < 100;
    }
}
