package io.pratique.flags.spi;

/**
 * Who changes a flag, and why. Both are kept with the change for good.
 *
 * @param actor a person or a program, such as {@code ada} or {@code deploy-bot}; 1 to 200 characters, not blank
 * @param reason what the change is for, such as {@code INC-4711: duplicates}; 1 to 1,000 characters, not blank
 */
public record Attribution(String actor, String reason) {

    private static final int MAX_ACTOR_LENGTH = 200;
    private static final int MAX_REASON_LENGTH = 1000;

    /**
     * Checks that both are given.
     *
     * @param actor checked
     * @param reason checked
     * @throws IllegalArgumentException if one is null, blank, too long, or holds what cannot be stored: a NUL character,
     *     which databases refuse, or half of a surrogate pair
     */
    public Attribution {
        require("actor", actor, MAX_ACTOR_LENGTH);
        require("reason", reason, MAX_REASON_LENGTH);
    }

    /**
     * Says who changes a flag, and why.
     *
     * @param actor a person or a program
     * @param reason what the change is for
     * @return both
     * @throws IllegalArgumentException if one is null, blank, too long, or holds what cannot be stored
     */
    public static Attribution of(String actor, String reason) {
        return new Attribution(actor, reason);
    }

    private static void require(String what, String text, int max) {
        if (text == null || text.isBlank() || text.length() > max || !FlagText.isStorable(text)) {
            throw new IllegalArgumentException(what + " of a flag's change must be 1 to " + max
                    + " whole characters and not blank, but is "
                    + (text == null
                            ? "null"
                            : "\"" + FlagText.printable(text) + "\" (" + text.length() + " characters)")
                    + "; a change nobody can be asked about helps nobody");
        }
    }
}
