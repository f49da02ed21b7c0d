package io.pratique.testkit;

import static java.util.stream.Collectors.toCollection;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs a contract within a test, with or without a defect, and names its tests {@code Group.test}. */
final class ContractRun {

    private static final String DEFECT = "pratique.test.defect";

    private ContractRun() {}

    static Events of(Class<?> contract) {
        return of(contract, "");
    }

    static Events of(Class<?> contract, String defect) {
        return of(defect, Stream.of(selectClass(contract)));
    }

    /** Runs some tests of a contract only. */
    static Events of(Class<?> contract, Class<?> declaring, Defect<?, ?> defect) {
        return of(defect.name(), defect.caughtBy().stream().map(test -> select(contract, declaring, test)));
    }

    private static DiscoverySelector select(Class<?> contract, Class<?> declaring, String test) {
        String[] parts = test.split("\\.", 2);
        String group = declaring.getName() + "$" + parts[0];
        return selectNestedMethod(List.of(contract.getName()), group, parts[1]);
    }

    private static Events of(String defect, Stream<? extends DiscoverySelector> selectors) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectors.toArray(DiscoverySelector[]::new))
                .configurationParameter(DEFECT, defect)
                .execute()
                .testEvents();
    }

    static Set<String> names(Events events) {
        return events.stream()
                .map(Event::getTestDescriptor)
                .map(ContractRun::name)
                .collect(toCollection(TreeSet::new));
    }

    static String name(TestDescriptor test) {
        return test.getParent().orElseThrow().getDisplayName() + "."
                + test.getDisplayName().replace("()", "");
    }

    /** Hands a contract the defect of its run, or null. */
    abstract static class DefectResolver implements ParameterResolver {

        private final List<? extends Defect<?, ?>> defects;

        DefectResolver(Stream<? extends Defect<?, ?>> defects) {
            this.defects = defects.toList();
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Defect.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getConfigurationParameter(DEFECT)
                    .flatMap(name -> defects.stream()
                            .filter(defect -> defect.name().equals(name))
                            .findFirst())
                    .orElse(null);
        }
    }
}
