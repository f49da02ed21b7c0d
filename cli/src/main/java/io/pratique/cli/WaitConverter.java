package io.pratique.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/** Reads how long something lasts, and 0 for no time at all. */
final class WaitConverter implements ITypeConverter<Duration> {

    private final LastingConverter lasting = new LastingConverter();

    WaitConverter() {}

    @Override
    public Duration convert(String text) {
        return text.equals("0") || text.equals("0s") ? Duration.ZERO : lasting.convert(text);
    }
}
