package io.pratique.flags;

import io.pratique.flags.spi.FlagText;
import io.pratique.flags.spi.LostHistoryException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What is said of one source, and when: the first failure, the recovery and each refused value, not each load. */
final class SourceLog {

    private static final Logger LOG = LoggerFactory.getLogger(FlagClient.class);

    private final String name;

    /** Whether its loss of history has been told and still goes on. Of the thread that loads. */
    private boolean lostHistory;

    SourceLog(String name) {
        this.name = name;
    }

    /** A load has succeeded. */
    void answered(SourceHealth before, SourceState.Loaded loaded) {
        lostHistory = false;
        if (before.failures() > 0) {
            LOG.atInfo()
                    .addKeyValue("source", name)
                    .addKeyValue("failures", before.failures())
                    .log("Flag source {} answers again", name);
        }
        for (String key : loaded.refused()) {
            refused(key, Objects.requireNonNull(loaded.state().held().get(key)));
        }
        if (loaded.oddKeys() > 0) {
            LOG.debug("Flag source {} has {} blank or overlong keys, which nobody can ask for", name, loaded.oddKeys());
        }
    }

    private void refused(String key, Held held) {
        String value = FlagText.printable(held.refused());
        LOG.atWarn()
                .addKeyValue("flag", Flag.logged(key))
                .addKeyValue("source", name)
                .addKeyValue("value", value)
                .log(
                        "Flag {} in source {} has the value \"{}\", which is none of true/false, on/off, yes/no, 1/0,"
                                + " enabled/disabled; {}",
                        FlagText.printable(key),
                        name,
                        value,
                        held.holds() ? "the last valid value stays in force" : "it decides nothing");
    }

    /**
     * A load has failed. A server that comes back from an outage without its history is news of its own: to wait helps
     * with the one and not with the other.
     *
     * @param before how the source was until then
     * @param cause null if nothing was thrown
     */
    void failed(SourceHealth before, String error, @Nullable Throwable cause) {
        boolean news = before.failures() == 0;
        if (cause instanceof LostHistoryException && !lostHistory) {
            lostHistory = true;
            news = true;
        }
        LOG.atLevel(news ? Level.WARN : Level.DEBUG)
                .addKeyValue("source", name)
                .addKeyValue("error", error)
                .log("Flag source {} failed; what it said last stays in force: {}", name, error);
        if (cause != null) {
            LOG.debug("Flag source {} failed", name, cause);
        }
    }

    /** A watch could not be set up, for the first time. */
    void cannotWatch(Throwable thrown) {
        LOG.atWarn()
                .addKeyValue("source", name)
                .log("Flag source {} cannot announce changes, polling goes on: {}", name, FlagText.printable(thrown));
    }
}
