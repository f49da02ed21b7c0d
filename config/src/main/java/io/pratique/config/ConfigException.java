package io.pratique.config;

import org.jspecify.annotations.Nullable;

/** A configuration does not meet its schema. The message is the text of the report. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable ConfigReport report;

    ConfigException(ConfigReport report) {
        super(report.toText());
        this.report = report;
    }

    /**
     * All that is wrong.
     *
     * @return the report
     * @throws IllegalStateException if this was serialised: an exception that travels takes only its message with it
     */
    public ConfigReport report() {
        if (report == null) {
            throw new IllegalStateException(
                    "the report of a configuration is not serialised with its exception; read the message");
        }
        return report;
    }
}
