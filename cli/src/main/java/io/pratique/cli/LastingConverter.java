package io.pratique.cli;

import io.pratique.text.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long something lasts: {@code 500ms}, {@code 30m}, {@code 2h}, {@code 7d}, or as in ISO 8601. */
final class LastingConverter implements ITypeConverter<Duration> {

    private static final Duration LONGEST = Duration.ofDays(1_000);

    LastingConverter() {}

    @Override
    public Duration convert(String text) {
        Duration lasting = DurationText.parse(text);
        if (lasting == null) {
            throw new TypeConversionException("\"" + text + "\" is no duration; write 30m, 2h, 7d or PT30M");
        }
        if (lasting.isNegative() || lasting.isZero() || lasting.compareTo(LONGEST) > 0) {
            throw new TypeConversionException(
                    "\"" + text + "\" must be more than nothing, and a thousand days at most");
        }
        return lasting;
    }
}
