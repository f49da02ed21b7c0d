package io.pratique.testkit;

import io.pratique.flags.spi.FlagSource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The contract over a backend in memory: a sound source, or one with the defect that the run's configuration names. */
@ExtendWith(MemoryContract.DefectOfTheRun.class)
class MemoryContract extends FlagSourceContract {

    static final String DEFECT = "pratique.test.defect";

    private final Defect defect;
    private final MemoryBackend backend = new MemoryBackend();

    MemoryContract(Defect defect) {
        this.defect = defect;
    }

    @Override
    protected FlagSource openSource() throws Exception {
        return defect == null ? new MemorySource(backend) : defect.factory().open(backend);
    }

    @Override
    protected void write(Map<String, String> values) {
        backend.write(values);
    }

    @Override
    protected void remove(String key) {
        backend.remove(key);
    }

    @Override
    protected boolean announcesChanges() {
        return defect == null || !defect.name().equals("pretends to announce");
    }

    @Override
    protected void takeBackendAway() {
        backend.setAway(true);
    }

    @Override
    protected void bringBackendBack() {
        backend.setAway(false);
    }

    @Override
    protected Duration patience() {
        // A test that should fail may do so soon: none is expected to pass with a defect.
        return defect == null ? super.patience() : Duration.ofMillis(100);
    }

    static final class DefectOfTheRun implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Defect.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getConfigurationParameter(DEFECT)
                    .flatMap(name -> Defect.all()
                            .filter(defect -> defect.name().equals(name))
                            .findFirst())
                    .orElse(null);
        }
    }
}
