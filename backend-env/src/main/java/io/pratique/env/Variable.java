package io.pratique.env;

import io.pratique.flags.spi.FlagText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A variable that is a flag by the rules. */
record Variable(Naming.Form form, String name, String text) {

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

    /** The better form, then the name that comes first, capitals before others; of one name, the later line. */
    private boolean decidesOver(Variable earlier) {
        int byForm = form.compareTo(earlier.form);
        return byForm != 0 ? byForm < 0 : name.compareTo(earlier.name) <= 0;
    }

    /** The variables that speak of one flag: the one that decides, and one that contradicts it. */
    record Vote(Variable decides, @Nullable Variable contradicts) {

        static Vote of(Variable only) {
            return new Vote(only, null);
        }

        /** This vote with one more variable of the same layer. */
        Vote with(Variable later) {
            return later.decidesOver(decides) ? of(later).over(this) : over(of(later));
        }

        /** This vote where another one has less to say. */
        Vote over(Vote lower) {
            if (contradicts != null) {
                return this;
            }
            if (!decides.agreesWith(lower.decides)) {
                return new Vote(decides, lower.decides);
            }
            return new Vote(decides, lower.contradicts);
        }
    }
}
