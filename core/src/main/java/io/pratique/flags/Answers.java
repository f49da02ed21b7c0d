package io.pratique.flags;

import io.pratique.flags.FlagTable.Cell;
import org.jspecify.annotations.Nullable;

/**
 * The hot path: reads the board's table. Where evaluations are counted a subclass does that; where none is, the JVM knows
 * no other class than this and binds the calls for good.
 */
class Answers {

    private final Engine engine;
    private final Board board;

    Answers(Engine engine) {
        this.engine = engine;
        this.board = engine.board();
    }

    boolean isEnabled(@Nullable String key) {
        Cell cell = key == null ? null : board.current().find(key);
        return cell != null ? cell.enabled : engine.missed(key, true);
    }

    boolean isEnabled(@Nullable String key, boolean defaultValue) {
        Cell cell = key == null ? null : board.current().find(key);
        if (cell == null) {
            return engine.missed(key, defaultValue);
        }
        return cell.held ? cell.enabled : defaultValue;
    }
}
