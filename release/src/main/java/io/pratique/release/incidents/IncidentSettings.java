package io.pratique.release.incidents;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What can be set of incidents. Nothing of it changes once {@link #with} has given it. */
final class IncidentSettings {

    @Nullable String service;

    final Map<String, IncidentReceiver> receivers;

    @Nullable Function<Incident, @Nullable URI> ticket;

    Duration due = Duration.ofDays(2);
    Duration timeout = Duration.ofSeconds(30);
    PostMortem postMortem;
    InstantSource clock = InstantSource.system();

    private IncidentSettings(PostMortem postMortem, Map<String, IncidentReceiver> receivers) {
        this.postMortem = postMortem;
        this.receivers = new LinkedHashMap<>(receivers);
    }

    static IncidentSettings usual() {
        return new IncidentSettings(PostMortem.standard(), Map.of());
    }

    /** The same but for one change. */
    IncidentSettings with(Consumer<IncidentSettings> change) {
        IncidentSettings copy = new IncidentSettings(postMortem, receivers);
        copy.service = service;
        copy.ticket = ticket;
        copy.due = due;
        copy.timeout = timeout;
        copy.clock = clock;
        change.accept(copy);
        return copy;
    }
}
