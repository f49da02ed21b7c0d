package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of metrics on a page in the text format of Prometheus or in OpenMetrics. */
final class MetricsPage {

    private static final Pattern TYPE = Pattern.compile("#\\s++TYPE\\s++(\"[^\"]++\"|\\S++)\\s++(\\w++)\\s*+");

    /** {@code name 1}, {@code name{label="value"} 1} or {@code {"name",label="value"} 1}. */
    private static final Pattern SAMPLE = Pattern.compile(
            "(?:([A-Za-z_:][A-Za-z0-9_:]*+)(?=[\\s{])|\\{\\s*+\"([^\"\\\\]++)\"\\s*+(?=[,}])).*+", Pattern.DOTALL);

    /** What a metric of a type brings besides its own name, for one that has no sample yet. */
    private static final Map<String, List<String>> PARTS = Map.of(
            "counter", List.of("", "_total", "_created"),
            "histogram", List.of("_bucket", "_count", "_sum", "_created"),
            "gaugehistogram", List.of("_bucket", "_gcount", "_gsum"),
            "summary", List.of("", "_count", "_sum", "_created"),
            "info", List.of("", "_info"));

    private final Map<String, String> types = new LinkedHashMap<>();
    private final Set<String> samples = new HashSet<>();

    private MetricsPage() {}

    /**
     * Reads a page. Samples tell what is there; a type tells it of a metric that has none, as one with labels before it was
     * counted for the first time.
     */
    static Set<String> names(Reader text) throws IOException {
        MetricsPage page = new MetricsPage();
        BufferedReader lines = new BufferedReader(text);
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            page.read(line, ++number);
        }
        Set<String> names = new HashSet<>(page.samples);
        page.types.forEach((name, type) -> {
            List<String> parts = name.endsWith("_total") ? List.of("") : PARTS.getOrDefault(type, List.of(""));
            if (parts.stream().noneMatch(part -> page.samples.contains(name + part))) {
                parts.forEach(part -> names.add(name + part));
            }
        });
        if (names.isEmpty()) {
            throw new IOException("it holds no metric");
        }
        return names;
    }

    private void read(String line, int number) throws IOException {
        if (line.isBlank()) {
            return;
        }
        if (line.startsWith("#")) {
            Matcher type = TYPE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1).replace("\"", ""), type.group(2));
            }
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new IOException("its line " + number + " is no metric: \"" + FlagText.printable(line, 60)
                    + "\"; is it a page of metrics?");
        }
        samples.add(sample.group(1) == null ? sample.group(2) : sample.group(1));
    }
}
