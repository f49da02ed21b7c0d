package io.pratique.config;

/** A configuration does not meet its schema. The message is the text of the report. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Transient: an exception that travels takes its message with it. */
    private final transient ConfigReport report;

    ConfigException(ConfigReport report) {
        super(report.toText());
        this.report = report;
    }

    /**
     * All that is wrong.
     *
     * @return the report
     */
    public ConfigReport report() {
        return report;
    }
}
