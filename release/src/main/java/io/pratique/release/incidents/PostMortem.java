package io.pratique.release.incidents;

import io.pratique.flags.spi.FlagText;
import io.pratique.release.ReleaseRecord;
import io.pratique.release.StepKind;
import io.pratique.release.StepRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The page that is begun for each incident, for people to go on with. */
final class PostMortem {

    /** The page's name in the directory of the release's files. */
    static final String FILE = "post-mortem.md";

    private static final Pattern PLACE = Pattern.compile("\\{\\{([A-Za-z]+)}}");
    private static final String UNKNOWN = "unknown";

    private final String template;

    private PostMortem(String template) {
        this.template = template;
    }

    static PostMortem standard() {
        try (InputStream in = Objects.requireNonNull(PostMortem.class.getResourceAsStream(FILE))) {
            return new PostMortem(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the jar's own template cannot be read", e);
        }
    }

    static PostMortem of(@Nullable Path template) {
        if (template == null) {
            throw new IllegalArgumentException("template of post-mortems must be given, but is null");
        }
        try {
            return new PostMortem(Files.readString(template));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "template of post-mortems \"" + template + "\" cannot be read as text: "
                            + FlagText.printable(e)
                            + "; write one, or leave it out",
                    e);
        }
    }

    /**
     * Begins the page, unless somebody has already.
     *
     * @return whether it was written
     */
    boolean write(Path directory, ReleaseRecord release, Incident incident) throws IOException {
        Files.createDirectories(directory);
        return IncidentStore.writeNew(
                directory.resolve(FILE), filled(release, incident).getBytes(StandardCharsets.UTF_8));
    }

    /** What is put in is not looked at again, and what nobody knows stays as it is. */
    private String filled(ReleaseRecord release, Incident incident) {
        Map<String, String> values = values(release, incident);
        return PLACE.matcher(template).replaceAll(place -> {
            String value = values.get(place.group(1));
            return Matcher.quoteReplacement(value == null ? place.group() : value);
        });
    }

    private static Map<String, String> values(ReleaseRecord release, Incident incident) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("id", incident.id());
        values.put("service", shown(incident.service()));
        values.put("version", incident.version());
        values.put("previousVersion", shown(incident.previousVersion()));
        values.put("outcome", incident.outcome().name());
        values.put("reason", shown(incident.reason()));
        values.put("failedStep", shown(release.failedStep()));
        values.put("begunAt", seconds(release.begunAt()));
        values.put("rollbackAt", seconds(release.rollbackAt()));
        values.put("openedAt", seconds(incident.openedAt()));
        values.put("dueAt", seconds(incident.dueAt()));
        values.put("ticket", ticket(incident));
        values.put("timeline", timeline(release.steps()));
        values.put("undone", undone(release.steps()));
        return values;
    }

    /** Texts of others are neither HTML nor the end of a table's cell. */
    private static String shown(@Nullable String text) {
        return text == null
                ? UNKNOWN
                : FlagText.printable(text, 2_000).replace("<", "&lt;").replace("|", "\\|");
    }

    private static String seconds(@Nullable Instant at) {
        return at == null ? UNKNOWN : at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Where nobody has said where the ticket is, it is where the incident was told. */
    private static String ticket(Incident incident) {
        List<String> links = new ArrayList<>();
        if (incident.ticket() != null) {
            links.add(incident.ticket().toString());
        }
        for (Delivery delivery : incident.deliveries()) {
            URI link = delivery.link();
            if (link != null && !link.equals(incident.ticket())) {
                links.add(link.toString());
            }
        }
        return links.isEmpty() ? "none" : String.join(", ", links);
    }

    private static String timeline(List<StepRecord> steps) {
        StringBuilder table = new StringBuilder("| begun | ended | step | | |\n|---|---|---|---|---|\n");
        for (StepRecord step : steps) {
            // It is what writes this.
            if (step.kind() != StepKind.NOTIFY) {
                table.append("| ").append(seconds(step.begunAt()));
                table.append(" | ").append(step.endedAt() == null ? "" : seconds(step.endedAt()));
                table.append(" | ").append(shown(step.name())).append(' ').append(words(step.part()));
                table.append(" | ").append(words(step.state()));
                table.append(" | ").append(shown(step.detail())).append(" |\n");
            }
        }
        return table.toString().stripTrailing();
    }

    private static String undone(List<StepRecord> steps) {
        String list = steps.stream()
                .filter(step -> step.part() == StepRecord.Part.COMPENSATION)
                .map(step -> "- " + shown(step.name())
                        + switch (step.state()) {
                            case DONE -> ": undone";
                            case FAILED -> ": not undone, " + shown(step.detail());
                            case BEGUN -> ": nobody can tell whether it is undone";
                        })
                .collect(Collectors.joining("\n"));
        return list.isEmpty() ? "Nothing was undone." : list;
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
