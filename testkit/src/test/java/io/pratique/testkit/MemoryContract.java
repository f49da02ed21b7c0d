package io.pratique.testkit;

import io.pratique.flags.spi.FlagSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract over a backend in memory: a sound source, or one with the defect that the run's configuration names. */
@ExtendWith(MemoryContract.DefectOfTheRun.class)
class MemoryContract extends FlagSourceContract {

    private final Defect<MemoryBackend, FlagSource> defect;
    private final MemoryBackend backend = new MemoryBackend();

    MemoryContract(Defect<MemoryBackend, FlagSource> defect) {
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

    static Stream<Defect<MemoryBackend, FlagSource>> defects() {
        return Stream.of(LoadDefects.ALL, ReloadDefects.ALL, LifeCycleDefects.ALL, WatchDefects.ALL)
                .flatMap(List::stream);
    }

    static final class DefectOfTheRun extends ContractRun.DefectResolver {
        DefectOfTheRun() {
            super(defects());
        }
    }
}
