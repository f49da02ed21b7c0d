package io.pratique.benchmarks.checks;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.togglz.core.Feature;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.manager.FeatureManagerBuilder;
import org.togglz.core.metadata.EmptyFeatureMetaData;
import org.togglz.core.metadata.FeatureMetaData;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.repository.mem.InMemoryStateRepository;
import org.togglz.core.spi.FeatureProvider;
import org.togglz.core.user.NoOpUserProvider;
import org.togglz.core.util.NamedFeature;

/** Togglz over a map in memory, without a cache. */
@SuppressWarnings("NullAway.Init") // set by JMH before anything else
public class Togglz extends Peer {

    private static final Feature CONSTANT = new NamedFeature(Keys.CONSTANT);

    private FeatureManager manager;

    /** Nothing yet. */
    public Togglz() {}

    @Override
    void start(Map<String, Boolean> answers) {
        StateRepository states = new InMemoryStateRepository();
        answers.forEach((key, on) -> states.setFeatureState(new FeatureState(new NamedFeature(key), on)));
        manager = manager(answers.keySet(), over(states));
    }

    /** What the manager reads. */
    StateRepository over(StateRepository states) {
        return states;
    }

    static FeatureManager manager(Set<String> keys, StateRepository states) {
        return new FeatureManagerBuilder()
                .featureProvider(new Named(keys.stream().map(NamedFeature::new).collect(Collectors.toSet())))
                .stateRepository(states)
                .userProvider(new NoOpUserProvider())
                .build();
    }

    private record Named(Set<Feature> features) implements FeatureProvider {

        @Override
        public Set<Feature> getFeatures() {
            return features;
        }

        @Override
        public FeatureMetaData getMetaData(Feature feature) {
            return new EmptyFeatureMetaData(feature);
        }
    }

    @Override
    void stop() {}

    @Override
    boolean isEnabled(String key) {
        return manager.isActive(new NamedFeature(key));
    }

    @Override
    boolean isConstantEnabled() {
        return manager.isActive(CONSTANT);
    }
}
