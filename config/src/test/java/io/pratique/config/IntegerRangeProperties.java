package io.pratique.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

@Tag("C-5")
class IntegerRangeProperties {

    @Property(tries = 300)
    void patternMatchesTheRangeAndNothingElse(
            @ForAll @IntRange(min = -1200, max = 1200) int a, @ForAll @IntRange(min = -1200, max = 1200) int b) {
        IntegerRange range = new IntegerRange(Math.min(a, b), Math.max(a, b));
        Pattern pattern = Pattern.compile(range.pattern());
        for (int number = -1300; number <= 1300; number++) {
            String text = Integer.toString(number);
            boolean within = range.min() <= number && number <= range.max();
            assertThat(pattern.matcher(text).matches())
                    .as("%s in %s", text, range)
                    .isEqualTo(within);
            assertThat(range.parse(text) != null).as("%s in %s", text, range).isEqualTo(within);
        }
    }

    @Property(tries = 300)
    void patternAndNumberAgreeAtAnySize(@ForAll long a, @ForAll long b, @ForAll long number) {
        IntegerRange range = new IntegerRange(Math.min(a, b), Math.max(a, b));
        Pattern pattern = Pattern.compile(range.pattern());
        for (long each : new long[] {number, a, b, a + 1, b + 1, a - 1, b - 1, -number}) {
            String text = Long.toString(each);
            assertThat(pattern.matcher(text).matches())
                    .as("%s in %s", text, range)
                    .isEqualTo(range.parse(text) != null);
        }
    }
}
