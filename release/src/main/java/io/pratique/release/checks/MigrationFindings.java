package io.pratique.release.checks;

import io.pratique.flags.spi.FlagText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comes out of a comparison of migrations with their history. For one thread. */
final class MigrationFindings {

    private static final int SHOWN = 60;

    private final boolean outOfOrder;
    private final List<String> faults = new ArrayList<>();
    private final List<String> pending = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private int applied;

    MigrationFindings(boolean outOfOrder) {
        this.outOfOrder = outOfOrder;
    }

    /** A name from a file or from the database, as an error may show it. */
    static String shown(@Nullable String name) {
        return "\"" + FlagText.printable(String.valueOf(name), SHOWN) + "\"";
    }

    void fault(String text) {
        faults.add(text);
    }

    void remark(String text) {
        remarks.add(text);
    }

    void pending(String name) {
        pending.add(shown(name));
    }

    /** A file that was never applied and is older than one that was. */
    void late(String name) {
        if (outOfOrder) {
            pending(name);
        } else {
            fault(shown(name) + " is older than the newest that was applied, and never was");
        }
    }

    void failed(String name) {
        fault(shown(name) + " has failed or has not finished");
    }

    void fileless(String name) {
        fault(shown(name) + " was applied, but has no file");
    }

    void drifted(String name) {
        fault(shown(name) + " was changed after it was applied");
    }

    void applied() {
        applied++;
    }

    List<String> faults() {
        return faults;
    }

    List<String> pendingNames() {
        return pending;
    }

    List<String> remarks() {
        return remarks;
    }

    int appliedCount() {
        return applied;
    }
}
