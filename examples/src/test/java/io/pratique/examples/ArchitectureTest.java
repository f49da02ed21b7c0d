package io.pratique.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Who may import whom, and what main code may not do. It stands here because only the examples see all modules; a new
 * module adds its package to {@link #MODULES}, its line to {@link #KNOWS}, and itself to this module's dependencies.
 */
class ArchitectureTest {

    private static final String ROOT = "io.pratique.";

    /** The module that owns a package, by the first word of the package below the root. */
    private static final Map<String, String> MODULES = Map.ofEntries(
            Map.entry("flags", "core"),
            Map.entry("readiness", "core"),
            Map.entry("time", "core"),
            Map.entry("text", "core"),
            Map.entry("env", "backend-env"),
            Map.entry("db", "backend-db"),
            Map.entry("redis", "backend-redis"),
            Map.entry("probes", "probes"),
            Map.entry("metrics", "metrics"),
            Map.entry("health", "health"),
            Map.entry("config", "config"),
            Map.entry("release", "release"),
            Map.entry("testkit", "testkit"),
            Map.entry("cli", "cli"),
            Map.entry("examples", "examples"),
            Map.entry("benchmarks", "benchmarks"));

    /** What a module may know besides itself. */
    private static final Map<String, Set<String>> KNOWS = Map.ofEntries(
            Map.entry("core", Set.of()),
            Map.entry("backend-env", Set.of("core")),
            Map.entry("backend-db", Set.of("core")),
            Map.entry("backend-redis", Set.of("core")),
            Map.entry("probes", Set.of("core")),
            Map.entry("metrics", Set.of("core")),
            Map.entry("health", Set.of("core")),
            Map.entry("config", Set.of("core")),
            Map.entry("release", Set.of("core")),
            Map.entry("testkit", Set.of("core")),
            Map.entry("cli", Set.copyOf(MODULES.values())),
            Map.entry("examples", Set.copyOf(MODULES.values())),
            Map.entry("benchmarks", Set.copyOf(MODULES.values())));

    /** The one class of the library that reads the machine's clock; everyone else is handed the time. */
    private static final String CLOCK_OWNER = "io.pratique.time.Timeline";

    /** The classes of releases that read the machine's clock or wait by themselves. No other one may, and the list shrinks. */
    private static final Set<String> OWN_CLOCKS = Set.of(
            "io.pratique.cli.IncidentOptions",
            "io.pratique.cli.ReleaseStatus",
            "io.pratique.release.FileReleaseLock",
            "io.pratique.release.KeptLease",
            "io.pratique.release.PostgresReleaseLock",
            "io.pratique.release.Rehearsal",
            "io.pratique.release.Release",
            "io.pratique.release.ReleaseMetrics",
            "io.pratique.release.StepLog",
            "io.pratique.release.checks.Attempts",
            "io.pratique.release.checks.ProbeCheck",
            "io.pratique.release.checks.WatchRun",
            "io.pratique.release.incidents.IncidentSettings",
            "io.pratique.release.incidents.QueueLock",
            "io.pratique.release.steps.FlagSwitch",
            "io.pratique.release.steps.PidFile",
            "io.pratique.release.steps.StateCapture");

    private static final DescribedPredicate<JavaClass> OWN_CLOCK = DescribedPredicate.describe(
            "known to have a clock of their own", type -> OWN_CLOCKS.contains(outermost(type)));

    /** A program is where the time comes from that others are handed. */
    private static final DescribedPredicate<JavaClass> PROGRAM = DescribedPredicate.describe(
            "programs",
            type -> (type.getPackageName().startsWith("io.pratique.examples.")
                            || type.getPackageName().equals("io.pratique.cli"))
                    && type.tryGetMethod("main", String[].class).isPresent());

    /** The contract suites of this module are made to be extended. */
    private static final String MODULE_MADE_FOR_EXTENSION = "io.pratique.testkit";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.pratique");

    @Nested
    class Directions {

        @Test
        void everyPackageBelongsToAKnownModule() {
            assertThat(MAIN.stream().map(ArchitectureTest::topWord).collect(toUnmodifiableSet()))
                    .as("packages below io.pratique; a new one goes into MODULES")
                    .isSubsetOf(MODULES.keySet());
        }

        @Test
        void modulesKnowOnlyWhomTheyMay() {
            classes().should(knowOnlyAllowedModules()).check(MAIN);
        }

        @Test
        void packagesFormNoCycles() {
            slices().matching("io.pratique.(**)")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(MAIN);
        }
    }

    @Nested
    class MainCode {

        @Test
        void readsNoStaticClock() {
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName(CLOCK_OWNER)
                    .and()
                    .areNotAssignableTo(PROGRAM)
                    .and(DescribedPredicate.not(OWN_CLOCK))
                    .should()
                    .accessTargetWhere(isStaticClockOrSleep())
                    .because("time is a constructor argument; only " + CLOCK_OWNER + " reads the machine's clock")
                    .check(MAIN);
        }

        @Test
        void noneIsListedThatReadsNoClockAnyMore() {
            Set<String> readers = MAIN.stream()
                    .filter(type -> type.getAccessesFromSelf().stream().anyMatch(isStaticClockOrSleep()))
                    .map(ArchitectureTest::outermost)
                    .collect(toUnmodifiableSet());
            assertThat(readers).containsAll(OWN_CLOCKS);
        }

        @Test
        void hasOneOwnerOfTheClock() {
            assertThat(MAIN.contain(CLOCK_OWNER))
                    .as("%s is there under that name", CLOCK_OWNER)
                    .isTrue();
        }

        @Test
        void exportsOnlyTypesThatAreClosedOrContracts() {
            Set<String> exported = exportedPackages();
            assertThat(exported).contains("io.pratique.flags");
            classes()
                    .that(DescribedPredicate.describe(
                            "are public in an exported package",
                            type -> exported.contains(type.getPackageName()) && isVisible(type)))
                    .should(beClosedOrContract())
                    .check(MAIN);
        }
    }

    private static ArchCondition<JavaClass> knowOnlyAllowedModules() {
        return new ArchCondition<>("know only the modules that their own may know") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String own = moduleOf(type);
                type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency ->
                                dependency.getTargetClass().getName().startsWith(ROOT))
                        .filter(dependency -> !mayKnow(own, moduleOf(dependency.getTargetClass())))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription())));
            }
        };
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElseGet(type::getName);
    }

    private static boolean mayKnow(String module, String other) {
        return module.equals(other) || KNOWS.getOrDefault(module, Set.of()).contains(other);
    }

    private static String moduleOf(JavaClass type) {
        return MODULES.getOrDefault(topWord(type), "unknown");
    }

    private static String topWord(JavaClass type) {
        String below = (type.getBaseComponentType().getPackageName() + ".").substring(ROOT.length());
        return below.substring(0, Math.max(0, below.indexOf('.')));
    }

    private static DescribedPredicate<JavaAccess<?>> isStaticClockOrSleep() {
        return DescribedPredicate.describe("the target is a static clock or a sleep", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getName();
            if (owner.isEquivalentTo(System.class)) {
                return name.equals("currentTimeMillis") || name.equals("nanoTime");
            }
            if (owner.isEquivalentTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class)) {
                return name.equals("sleep");
            }
            if (owner.isEquivalentTo(Clock.class) || owner.isEquivalentTo(InstantSource.class)) {
                return name.startsWith("system") || (name.startsWith("tick") && !takesClock(access));
            }
            if (owner.isEquivalentTo(Date.class)) {
                return access.getTarget().getFullName().endsWith(".<init>()");
            }
            if (owner.isAssignableTo(Calendar.class)) {
                return name.equals("getInstance") || name.equals("<init>");
            }
            return owner.getPackageName().startsWith("java.time") && name.equals("now") && !takesClock(access);
        });
    }

    private static boolean takesClock(JavaAccess<?> access) {
        return access.getTarget().getFullName().contains("(" + Clock.class.getName());
    }

    private static ArchCondition<JavaClass> beClosedOrContract() {
        return new ArchCondition<>("be final, records, enums, sealed, interfaces or exceptions") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean fits = type.getModifiers().contains(JavaModifier.FINAL)
                        || type.isEnum()
                        || type.isInterface()
                        || type.isAssignableTo(Throwable.class)
                        || type.reflect().isSealed();
                if (!fits) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getDescription() + " is open for extension in " + type.getSourceCodeLocation()));
                }
            }
        };
    }

    /** Whether a user sees a type: it is public, and so is each type around it. */
    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
    }

    /** The packages that our module descriptors export to everyone. */
    private static Set<String> exportedPackages() {
        Set<String> exported = new HashSet<>();
        try {
            for (URL url :
                    Collections.list(ArchitectureTest.class.getClassLoader().getResources("module-info.class"))) {
                ModuleDescriptor module;
                try (InputStream in = url.openStream()) {
                    module = ModuleDescriptor.read(in);
                }
                if (module.name().startsWith(ROOT) && !module.name().equals(MODULE_MADE_FOR_EXTENSION)) {
                    module.exports().stream()
                            .filter(export -> !export.isQualified())
                            .forEach(export -> exported.add(export.source()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return exported;
    }
}
