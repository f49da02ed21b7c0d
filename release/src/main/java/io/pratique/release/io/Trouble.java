package io.pratique.release.io;

import io.pratique.flags.spi.FlagText;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** What goes wrong beside a release, which goes on. */
public final class Trouble {

    private Trouble() {}

    /** A warning with what was thrown. Files and servers need no stack trace, which people would read first; a bug does. */
    public static LoggingEventBuilder warn(Logger log, Throwable thrown) {
        LoggingEventBuilder warning = log.atWarn().addKeyValue("fault", FlagText.printable(thrown));
        return thrown instanceof IOException ? warning : warning.setCause(thrown);
    }
}
