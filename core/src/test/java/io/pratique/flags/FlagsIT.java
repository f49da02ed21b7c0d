package io.pratique.flags;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.flags.spi.FlagSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first use of {@link Flags}, which a process has only once: each test starts one. */
@Tag("F-1")
@Timeout(120)
class FlagsIT {

    @TempDir
    private Path directory;

    private final StringBuilder services = new StringBuilder();

    private void announce(Class<?>... providers) {
        Arrays.stream(providers).map(Class::getName).forEach(this::announce);
    }

    private void announce(String line) {
        services.append(line).append('\n');
    }

    private Path servicesFile() throws IOException {
        Path file = directory.resolve("META-INF").resolve("services").resolve(FlagSource.class.getName());
        Files.createDirectories(file.getParent());
        return file;
    }

    /** All that the program printed; it must have ended without a complaint of its own. */
    private String probe(String way) throws Exception {
        if (services.length() > 0) {
            Files.writeString(servicesFile(), services);
        }
        try (ChildJvm child = ChildJvm.start(directory, List.of(directory), DiscoveryProbe.class, way)) {
            int exit = child.awaitEnd();
            assertThat(exit).as(child.output()).isZero();
            return child.output();
        }
    }

    private static List<String> warnings(String output) {
        return output.lines().filter(line -> line.contains(" WARN ")).toList();
    }

    @Nested
    class Discovery {

        @Test
        void findsTheSourceOnTheClassPath() throws Exception {
            announce(DiscoveryProbe.Counted.class);

            String output = probe("check");

            assertThat(output).contains("fact mail=false", "fact sources=[counted]", "fact made=1");
            assertThat(warnings(output)).isEmpty();
        }

        @Test
        void answersByDefaultsWhereThereIsNone() throws Exception {
            String output = probe("check");

            assertThat(output).contains("fact mail=true", "fact sources=[]", "none, so by defaults");
            assertThat(warnings(output)).isEmpty();
        }

        @Test
        void ordersByClassName() throws Exception {
            announce(DiscoveryProbe.Zebra.class, DiscoveryProbe.Counted.class, DiscoveryProbe.Aardvark.class);

            assertThat(probe("check")).contains("fact sources=[aardvark, counted, zebra]", "fact mail=true");
        }

        @Test
        void makesOneClientForAllThreads() throws Exception {
            announce(DiscoveryProbe.Counted.class);

            assertThat(probe("check-from-many-threads")).contains("fact answers=16", "fact clients=1", "fact made=1");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "check-without-context-loader",
                    "check-with-blind-context-loader",
                    "check-with-broken-context-loader",
                    "check-while-interrupted"
                })
        void worksOnAnyThread(String way) throws Exception {
            announce(DiscoveryProbe.Counted.class);

            assertThat(probe(way))
                    .contains("fact sources=[counted]", "fact made=1")
                    .doesNotContain("fact interrupted=false");
        }

        @Test
        void survivesSourcesThatUseFlagsThemselves() throws Exception {
            announce(DiscoveryProbe.AsksWhenMade.class, DiscoveryProbe.AsksWhenLoading.class);

            assertThat(probe("check")).contains("fact sources=[counted, asks-true-true]");
        }
    }

    @Nested
    @Tag("F-8")
    class AProviderThatHangs {

        @Test
        void keepsNobodyWaitingLongerThanStartUpMayTakeAndCountsOnceItIsMade() throws Exception {
            announce(DiscoveryProbe.Counted.class, DiscoveryProbe.HangsWhenMade.class);

            String output = probe("check-while-a-source-is-made");

            assertThat(output)
                    .contains("fact mail-before=true", "fact sources-before=0")
                    .contains("fact mail=false", "fact sources=[counted, hangs]");
            assertThat(warnings(output)).singleElement().asString().contains("still being made after PT2S");
        }

        @Test
        void delaysNoInstallationAndIsClosedOnceItIsMade() throws Exception {
            announce(DiscoveryProbe.Counted.class, DiscoveryProbe.HangsWhenMade.class);

            String output = probe("install-while-a-source-is-made");

            assertThat(output).contains("fact answered-by-own=true", "fact own=true");
            assertThat(warnings(output)).singleElement().asString().contains("is replaced");
        }
    }

    @Nested
    class ABrokenProvider {

        @ParameterizedTest
        @ValueSource(
                classes = {
                    DiscoveryProbe.ThrowsWhenMade.class,
                    DiscoveryProbe.ThrowsWhenLoaded.class,
                    DiscoveryProbe.ThrowsWhenNamed.class,
                    DiscoveryProbe.NoSource.class,
                    DiscoveryProbe.Abstract.class
                })
        void isReportedAndPassedOver(Class<?> broken) throws Exception {
            announce(broken, DiscoveryProbe.Counted.class, DiscoveryProbe.Zebra.class);

            String output = probe("check");

            assertThat(output).contains("fact mail=false", "fact sources=[counted, zebra]");
            assertThat(warnings(output)).hasSize(1);
            assertThat(output).contains(broken.getName());
        }

        @Test
        void mayBeMissingOrNoClass() throws Exception {
            Path noClass = directory.resolve("Rubbish.class");
            Files.writeString(noClass, "no class");
            announce("no.such.Provider");
            announce("Rubbish");
            announce(DiscoveryProbe.Counted.class);

            String output = probe("check");

            assertThat(output).contains("fact mail=false", "fact sources=[counted]");
            assertThat(warnings(output)).hasSize(2);
        }

        @Test
        void mayHaveTheNameOfAnother() throws Exception {
            announce(DiscoveryProbe.Namesake.class, DiscoveryProbe.Counted.class);

            String output = probe("check");

            assertThat(output).contains("fact mail=false", "fact sources=[counted]");
            assertThat(warnings(output)).singleElement().asString().contains(DiscoveryProbe.Namesake.class.getName());
        }

        @Test
        void mayBeAnnouncedInAFileThatIsNone() throws Exception {
            announce("this is no file of providers");
            announce(DiscoveryProbe.Counted.class);

            String output = probe("check");

            assertThat(output).contains("fact mail=true");
            assertThat(warnings(output)).isNotEmpty();
        }

        @Test
        void mayBeAnnouncedInADirectory() throws Exception {
            Files.createDirectories(servicesFile().resolve("a name with blanks"));

            assertThat(probe("check")).contains("fact mail=true", "fact sources=[]");
        }
    }

    @Nested
    class Installing {

        @Test
        void beforeTheFirstUseLeavesNothingToDiscover() throws Exception {
            announce(DiscoveryProbe.Counted.class);

            String output = probe("install-before");

            assertThat(output).contains("fact own=true", "fact mail=true", "fact made=0");
            assertThat(warnings(output)).isEmpty();
        }

        @Test
        void afterTheFirstUseReplacesAndClosesWhatWasDiscoveredAndNamesItsCaller() throws Exception {
            announce(DiscoveryProbe.Counted.class);

            String output = probe("install-after");

            assertThat(output)
                    .contains("fact mail=false", "fact own=true", "fact found-closed=true", "fact closed=1")
                    .contains("fact found-answers=false", "fact second-install=refused");
            assertThat(warnings(output))
                    .singleElement()
                    .asString()
                    .contains("is replaced", DiscoveryProbe.class.getName() + ".installAfter(DiscoveryProbe.java:");
        }

        @Test
        void ofWhatWasDiscoveredKeepsItOpenAndInstalledForGood() throws Exception {
            announce(DiscoveryProbe.Counted.class);

            String output = probe("install-what-was-found");

            assertThat(output)
                    .contains("fact same=true", "fact found-closed=false", "fact mail=false")
                    .contains("fact second-install=refused");
            assertThat(warnings(output)).isEmpty();
        }

        @Test
        void replacesADiscoveredClientThatSomebodyClosed() throws Exception {
            announce(DiscoveryProbe.Counted.class);

            assertThat(probe("install-after-closing")).contains("fact mail=false", "fact own=true");
        }
    }
}
