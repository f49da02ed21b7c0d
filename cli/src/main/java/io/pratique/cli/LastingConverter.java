package io.pratique.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long something lasts: {@code 500ms}, {@code 30m}, {@code 2h}, {@code 7d}, or as in ISO 8601. */
final class LastingConverter implements ITypeConverter<Duration> {

    private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|[smhd])");

    private static final Duration LONGEST = Duration.ofDays(1_000);

    LastingConverter() {}

    @Override
    public Duration convert(String text) {
        Duration lasting = parse(text);
        if (lasting.isNegative() || lasting.isZero() || lasting.compareTo(LONGEST) > 0) {
            throw new TypeConversionException(
                    "\"" + text + "\" must be more than nothing, and a thousand days at most");
        }
        return lasting;
    }

    private static Duration parse(String text) {
        Matcher matcher = SHORT.matcher(text);
        try {
            if (!matcher.matches()) {
                return Duration.parse(text);
            }
            String number = matcher.group(1);
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(Long.parseLong(number));
                case "d" -> Duration.ofDays(Long.parseLong(number));
                default -> Duration.parse("PT" + number + matcher.group(2));
            };
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("\"" + text + "\" is no duration; write 30m, 2h, 7d or PT30M");
        }
    }
}
