package io.pratique.release.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pratique.flags.FlagClient;
import io.pratique.flags.FlagEvaluation;
import io.pratique.flags.spi.FlagRevision;
import io.pratique.flags.spi.FlagStore;
import io.pratique.flags.spi.FlagText;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.StepAction;
import io.pratique.release.StepContext;
import io.pratique.release.io.WholeFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how things are, as JSON in the {@linkplain StepContext#directory directory} of the release, so that it can be
 * told afterwards what a release has met. Immutable.
 *
 * <pre>{@code
 * StateCapture state = StateCapture.create()
 *         .service("backend", URI.create("http://localhost:8080/version"))
 *         .schemaVersion(dataSource)
 *         .flags(flagStore)
 *         .health(URI.create("http://localhost:8080/health"))
 *         .configuration(values);
 * builder.step(Step.protect("state", state)).step(Step.forensics("state-after", state.named("state-after")));
 * }</pre>
 *
 * <p>The host (uptime, load, processors, memory, disk), the release and the three before it are always told of. Each fact is
 * asked for on a thread of its own, all at the same time, and has five seconds unless set. One that cannot be had is an
 * {@code error} with the text of what went wrong, and fails nothing; only a file that cannot be written does. Of the
 * configuration there is a hash and no value; URLs are written without user, password and query. What a service answers is
 * written as it is, so it must hold no secret.
 */
public final class StateCapture implements StepAction {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);
    private static final int RELEASES = 3;

    private final String name;
    private final Duration timeout;
    private final InstantSource clock;
    private final Map<List<String>, Callable<?>> facts;

    StateCapture(String name, Duration timeout, InstantSource clock, Map<List<String>, Callable<?>> facts) {
        this.name = name;
        this.timeout = timeout;
        this.clock = clock;
        this.facts = facts;
    }

    /**
     * What is always told of, and nothing else.
     *
     * @return a capture named {@code state}
     */
    public static StateCapture create() {
        return new StateCapture("state", USUAL_TIMEOUT, InstantSource.system(), Map.of());
    }

    /**
     * The same in another file, as each capture of a release needs its own.
     *
     * @param name of the file without {@code .json}: small letters, digits and hyphens, 64 at most
     * @return a new capture
     * @throws IllegalArgumentException if it is none
     */
    public StateCapture named(String name) {
        return new StateCapture(requireName("a capture", name), timeout, clock, facts);
    }

    /**
     * The same with another time for each fact.
     *
     * @param timeout five seconds unless set, from a millisecond to five minutes
     * @return a new capture
     * @throws IllegalArgumentException if it is null, shorter or longer
     */
    public StateCapture timeout(Duration timeout) {
        if (timeout == null || timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout of a fact must be from PT0.001S to " + LONGEST_TIMEOUT + ", but is \"" + timeout + "\"");
        }
        return new StateCapture(name, timeout, clock, facts);
    }

    /**
     * The same with what a service answers, under "services".
     *
     * @param service its name: small letters, digits and hyphens, 64 at most
     * @param url beginning with {@code http://} or {@code https://}
     * @return a new capture
     * @throws IllegalArgumentException if the name is none or the URL is another one
     */
    public StateCapture service(String service, URI url) {
        return service(service, new HttpFact(url));
    }

    /**
     * The same with what somebody says of a service, under "services".
     *
     * @param service its name: small letters, digits and hyphens, 64 at most
     * @param fact gives a version, or whatever Jackson can write; interrupted when its time is over
     * @return a new capture
     * @throws IllegalArgumentException if the name is none, or the fact is null
     */
    public StateCapture service(String service, Callable<?> fact) {
        return with(fact, "services", requireName("a service", service));
    }

    /**
     * The same with a fact of the caller's own, under "facts".
     *
     * @param name small letters, digits and hyphens, 64 at most
     * @param fact gives whatever Jackson can write, and no secret; interrupted when its time is over
     * @return a new capture
     * @throws IllegalArgumentException if the name is none, or the fact is null
     */
    public StateCapture fact(String name, Callable<?> fact) {
        return with(fact, "facts", requireName("a fact", name));
    }

    /**
     * The same with the newest entry of the history that Flyway or Prisma keeps, under {@code schemaVersion}.
     *
     * @param database with the history in the schema of its connections; not closed by this
     * @return a new capture
     * @throws IllegalArgumentException if it is null
     */
    public StateCapture schemaVersion(DataSource database) {
        given("database", database);
        return schemaVersion(new SchemaHistory(database));
    }

    /**
     * The same with a version of the schema that somebody tells, under {@code schemaVersion}.
     *
     * @param fact gives whatever Jackson can write; interrupted when its time is over
     * @return a new capture
     * @throws IllegalArgumentException if it is null
     */
    public StateCapture schemaVersion(Callable<?> fact) {
        return with(fact, "schemaVersion");
    }

    /**
     * The same with all flags of a store, each with its value, who set it and why, under {@code flags}.
     *
     * @param store not closed by this
     * @return a new capture
     * @throws IllegalArgumentException if it is null
     */
    public StateCapture flags(FlagStore store) {
        given("store of flags", store);
        return with(() -> store.list().stream().map(StateCapture::told).toList(), "flags");
    }

    /**
     * The same with all flags that a client knows, each with its value and why it has it, under {@code flags}.
     *
     * @param client not closed by this
     * @return a new capture
     * @throws IllegalArgumentException if it is null
     */
    public StateCapture flags(FlagClient client) {
        given("client of flags", client);
        return with(() -> client.flags().stream().map(StateCapture::told).toList(), "flags");
    }

    /**
     * The same with what a URL answers, under {@code health}.
     *
     * @param url beginning with {@code http://} or {@code https://}
     * @return a new capture
     * @throws IllegalArgumentException if it is another one
     */
    public StateCapture health(URI url) {
        return health(new HttpFact(url));
    }

    /**
     * The same with what somebody says of the health, under {@code health}.
     *
     * @param fact gives whatever Jackson can write; interrupted when its time is over
     * @return a new capture
     * @throws IllegalArgumentException if it is null
     */
    public StateCapture health(Callable<?> fact) {
        return with(fact, "health");
    }

    /**
     * The same with a hash over names and values of the configuration, under {@code configuration}.
     *
     * @param values as they are now; only their number and their SHA-256 are kept, which is the same for the same values
     * @return a new capture
     * @throws IllegalArgumentException if they are null, or one of them is
     */
    public StateCapture configuration(Map<String, String> values) {
        given("configuration", values);
        ObjectNode told =
                JSON.createObjectNode().put("values", values.size()).put("sha256", ConfigurationHash.of(values));
        return with(() -> told, "configuration");
    }

    private StateCapture with(Callable<?> fact, String... place) {
        given("fact \"" + String.join("\", \"", place) + "\"", fact);
        Map<List<String>, Callable<?>> more = new LinkedHashMap<>(facts);
        more.put(List.of(place), fact);
        return new StateCapture(name, timeout, clock, more);
    }

    private static void given(String what, @Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException(what + " of a capture must be given, but is null");
        }
    }

    private static String requireName(String what, @Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name of " + what
                    + " must be small letters, digits and hyphens, 64 at most, but is \""
                    + FlagText.printable(String.valueOf(name)) + "\"; write it as job-worker");
        }
        return name;
    }

    private static Map<String, @Nullable Object> told(FlagRevision revision) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("key", revision.key());
        told.put("value", revision.value());
        told.put("reason", revision.by().reason());
        told.put("actor", revision.by().actor());
        told.put("changedAt", revision.changedAt().toString());
        told.put("expiresAt", text(revision.expiresAt()));
        return told;
    }

    private static Map<String, @Nullable Object> told(FlagEvaluation flag) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("key", flag.key());
        told.put("value", flag.enabled());
        told.put("reason", flag.reason().toString());
        told.put("source", flag.source());
        told.put("changedAt", text(flag.changedAt()));
        return told;
    }

    private static Map<String, @Nullable Object> told(ReleaseRecord release) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("id", release.id());
        told.put("version", release.version());
        told.put("previousVersion", release.previousVersion());
        told.put("begunAt", release.begunAt().toString());
        told.put("endedAt", text(release.endedAt()));
        told.put("outcome", text(release.outcome()));
        told.put("reason", release.reason());
        return told;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** Throws only if the file cannot be written, or this thread is interrupted. */
    @Override
    public void run(StepContext context) throws IOException, InterruptedException {
        Map<List<String>, Callable<?>> all = new LinkedHashMap<>(HostFacts.of(context.directory()));
        all.put(
                List.of("releases"),
                () -> context.releases().stream()
                        .filter(release -> !release.id().equals(context.id()))
                        .limit(RELEASES)
                        .map(StateCapture::told)
                        .toList());
        all.putAll(facts);

        ObjectNode state = JSON.createObjectNode()
                .put("at", clock.instant().toString())
                .put("release", context.id())
                .put("version", context.version())
                .put("previousVersion", context.previousVersion())
                .put("reason", context.reason());
        List<String> missing = new ArrayList<>();
        FactRound.ask(all, timeout).forEach((place, fact) -> {
            if (fact.isObject() && fact.size() == 1 && fact.has(FactRound.ERROR)) {
                missing.add(String.join(".", place));
            }
            ObjectNode parent = place.size() == 1 ? state : state.withObjectProperty(place.get(0));
            parent.set(Objects.requireNonNull(place.get(place.size() - 1)), fact);
        });
        Path file = write(context, state);
        context.tell(file.getFileName() + (missing.isEmpty() ? "" : " without " + String.join(", ", missing)));
    }

    /** How things were when a release began to be undone is not written over when it is undone again. */
    private Path write(StepContext context, JsonNode state) throws IOException {
        Path file = context.directory().resolve(name + ".json");
        for (int i = 2; context.reason() != null && Files.exists(file); i++) {
            file = context.directory().resolve(name + "." + i + ".json");
        }
        WholeFile.replace(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(state));
        return file;
    }
}
