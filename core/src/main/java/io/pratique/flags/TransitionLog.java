package io.pratique.flags;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that a feature is off, once that it is on again, and once that a kill does not take. */
final class TransitionLog implements FlagListener {

    private static final Logger LOG = LoggerFactory.getLogger(FlagClient.class);

    @Override
    public void onChange(FlagChange change) {
        if (change.before().enabled() != change.enabled()) {
            LOG.atInfo()
                    .addKeyValue("flag", Flag.logged(change.key()))
                    .addKeyValue("enabled", change.enabled())
                    .addKeyValue("source", change.after().source())
                    .log("Feature is {}: {}", change.enabled() ? "on" : "off", change.after());
        }
        if (change.after().shadowsOff() && !change.before().shadowsOff()) {
            LOG.atWarn()
                    .addKeyValue("flag", Flag.logged(change.key()))
                    .addKeyValue("source", change.after().source())
                    .log("An off is shadowed, the kill does not take; clear the value above it: {}", change.after());
        }
    }
}
