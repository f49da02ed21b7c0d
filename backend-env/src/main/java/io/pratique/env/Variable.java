package io.pratique.env;

import io.pratique.flags.spi.FlagText;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A variable that is a flag by the rules; layer 0 is the uppermost. */
record Variable(int layer, Naming.Form form, String name, String text) {

    /** The upper layer, the better form, then the name that comes first, capitals before others. */
    private static final Comparator<Variable> BY_RANK = Comparator.comparingInt(Variable::layer)
            .thenComparing(Variable::form)
            .thenComparing(Variable::name);

    boolean isValid() {
        return FlagText.parse(text) != null;
    }

    /** Whether both say the same, if in other words. */
    boolean agreesWith(Variable other) {
        Boolean mine = FlagText.parse(text);
        Boolean theirs = FlagText.parse(other.text);
        return (mine == null && theirs == null)
                ? text.strip().equals(other.text.strip())
                : Objects.equals(mine, theirs);
    }

    /** What the variables that speak of one flag come to: the one that decides, and one that contradicts it. */
    record Vote(Variable decides, @Nullable Variable contradicts) {

        /**
         * The first variable that holds the flag decides, which is one with a valid text, or one that decided until its
         * text was spoilt: the client then keeps that one's last valid value, and nothing of lower rank brings back what
         * it had overruled. Where none holds the flag, the first of all is delivered.
         *
         * @param variables at least one; of those with one name, the last is what that variable says
         * @param decidedBefore whether a variable of that layer and name held the flag so far
         */
        static Vote among(List<Variable> variables, Predicate<Variable> decidedBefore) {
            TreeMap<Variable, Variable> ranked = new TreeMap<>(BY_RANK);
            variables.forEach(variable -> ranked.put(variable, variable));
            Variable decides = ranked.values().stream()
                    .filter(variable -> variable.isValid() || decidedBefore.test(variable))
                    .findFirst()
                    .orElse(ranked.firstEntry().getValue());
            Variable contradicts = Stream.concat(ranked.values().stream(), variables.stream())
                    .filter(variable -> !variable.agreesWith(decides))
                    .findFirst()
                    .orElse(null);
            return new Vote(decides, contradicts);
        }
    }
}
