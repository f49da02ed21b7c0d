package io.pratique.benchmarks.refresh;

import io.pratique.flags.FlagClient;
import io.pratique.flags.spi.FlagEntry;
import io.pratique.flags.spi.FlagSet;
import io.pratique.flags.spi.HistoryMark;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jol.info.GraphLayout;
import org.openjdk.jol.vm.VM;

/** How much memory what a client has published takes for each flag and source, beyond the flags' own text. */
public final class Heap {

    private static final double BOUND = 200;

    private Heap() {}

    /** What a source knows of each flag. */
    private enum Delivered {
        TEXT("the text"),
        CHANGE("the text, the time of its change"),
        TIME_BOX("the same, and an end");

        private final String shown;

        Delivered(String shown) {
            this.shown = shown;
        }

        /** New instances of everything, as a driver makes them. */
        private FlagEntry entry(int number) {
            FlagEntry text = FlagEntry.of(new String(new char[] {'o', 'n'}));
            FlagEntry change = text.changedAt(Instant.ofEpochSecond(number));
            return switch (this) {
                case TEXT -> text;
                case CHANGE -> change;
                case TIME_BOX -> change.ending(Duration.ofDays(1), new String(new char[] {'o', 'f', 'f'}));
            };
        }
    }

    /**
     * Measures and prints.
     *
     * @param args the numbers of flags; 100, 10,000 and 100,000 if left out
     * @throws ReflectiveOperationException if a client keeps elsewhere what it has published
     */
    public static void main(String[] args) throws ReflectiveOperationException {
        int[] sizes = (args.length > 0 ? Arrays.stream(args) : Stream.of("100", "10000", "100000"))
                .mapToInt(Integer::parseInt)
                .toArray();
        // Records do not tell where their fields are, and JOL is to ask no agent for that.
        System.setProperty("jol.magicFieldOffset", "true");
        System.setProperty("jol.skipDynamicAttach", "true");
        System.out.printf(
                Locale.ROOT,
                "references of %d bytes, objects aligned to %d, %s, Java %s%n",
                VM.current().sizeOfField("java.lang.Object"),
                VM.current().objectAlignment(),
                System.getProperty("java.vm.name"),
                Runtime.version());
        System.out.printf(
                "%-34s %7s %8s %12s %12s %22s%n",
                "a source delivers", "sources", "flags", "B in all", "B of text", "B a flag and source");
        for (Delivered delivered : Delivered.values()) {
            for (int sources : new int[] {1, 2}) {
                for (int flags : sizes) {
                    print(delivered, sources, flags);
                }
            }
        }
        printClasses(sizes[sizes.length - 1]);
        System.exit(0);
    }

    private static FlagSet set(Delivered delivered, int flags) {
        FlagSet.Builder builder = FlagSet.builder();
        for (int i = 0; i < flags; i++) {
            builder.put("partner-" + i + "-processing", delivered.entry(i));
        }
        if (delivered != Delivered.TEXT) {
            builder.historyMark(new HistoryMark("epoch", flags, "id", Instant.EPOCH));
        }
        return builder.build();
    }

    private static void print(Delivered delivered, int sources, int flags) throws ReflectiveOperationException {
        List<FlagSet> sets =
                IntStream.range(0, sources).mapToObj(i -> set(delivered, flags)).toList();
        long all = published(sets).totalSize();
        long text = text(sets);
        double each = (double) (all - text) / flags / sources;
        System.out.printf(
                Locale.ROOT,
                "%-34s %7d %8d %12d %12d %14.1f %s%n",
                delivered.shown,
                sources,
                flags,
                all,
                text,
                each,
                each <= BOUND ? "held" : "MISSED");
    }

    /** All that can be reached from what a client over these sets has published. */
    private static GraphLayout published(List<FlagSet> sets) throws ReflectiveOperationException {
        FlagClient.Builder builder = FlagClient.builder().startupTimeout(Duration.ofMinutes(1));
        sets.forEach(set -> builder.source(() -> set));
        try (FlagClient client = builder.build()) {
            return GraphLayout.parseInstance(field(field(field(client, "engine"), "board"), "current"));
        }
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return Objects.requireNonNull(field.get(of), name);
    }

    /** The keys and the texts as the sources delivered them, each instance once. */
    private static long text(List<FlagSet> sets) {
        List<Object> texts = new ArrayList<>();
        for (FlagSet set : sets) {
            set.entries().forEach((key, entry) -> {
                texts.add(key);
                texts.add(entry.value());
                if (entry.timeBox() != null && entry.timeBox().covered() != null) {
                    texts.add(entry.timeBox().covered());
                }
            });
        }
        return GraphLayout.parseInstance(texts.toArray()).totalSize();
    }

    private static void printClasses(int flags) throws ReflectiveOperationException {
        GraphLayout layout = published(List.of(set(Delivered.CHANGE, flags)));
        System.out.printf(Locale.ROOT, "%nB a flag, by class: one source, %s%n", Delivered.CHANGE.shown);
        layout.getClasses().stream()
                .sorted(Comparator.<Class<?>>comparingLong(
                                type -> layout.getClassSizes().count(type))
                        .reversed())
                .filter(type -> layout.getClassSizes().count(type) >= flags)
                .forEach(type -> System.out.printf(
                        Locale.ROOT,
                        "%-50s %8.1f%n",
                        type.getTypeName(),
                        (double) layout.getClassSizes().count(type) / flags));
    }
}
