package io.pratique.flags;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Objects;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * What one logger says while this is open, from any thread. Nothing of it goes anywhere else, so a test that provokes
 * ten thousand lines prints none of them.
 */
public final class CapturedLog implements AutoCloseable {

    private final Logger logger;
    private final Level levelBefore;
    private final boolean additiveBefore;
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    private CapturedLog(Logger logger) {
        this.logger = logger;
        this.levelBefore = logger.getLevel();
        this.additiveBefore = logger.isAdditive();
    }

    /** Captures the logger of a class, DEBUG and above. */
    public static CapturedLog of(Class<?> subject) {
        CapturedLog captured = new CapturedLog((Logger) LoggerFactory.getLogger(subject));
        captured.appender.start();
        captured.logger.setLevel(Level.DEBUG);
        captured.logger.setAdditive(false);
        captured.logger.addAppender(captured.appender);
        return captured;
    }

    /** All that was said so far, in order. */
    public List<ILoggingEvent> events() {
        synchronized (appender) { // as the appender does while it appends
            return List.copyOf(appender.list);
        }
    }

    /** What was said at one level. */
    public List<ILoggingEvent> events(Level level) {
        return events().stream().filter(event -> event.getLevel() == level).toList();
    }

    /** What was said at one level with a key/value pair. */
    public List<ILoggingEvent> events(Level level, String key, Object value) {
        return events(level).stream()
                .filter(event -> Objects.equals(value(event, key), value))
                .toList();
    }

    /** The formatted messages at one level. */
    public List<String> messages(Level level) {
        return events(level).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** The structured value that an event carries under a key; null if it carries none. */
    public static Object value(ILoggingEvent event, String key) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null
                ? null
                : pairs.stream()
                        .filter(pair -> pair.key.equals(key) && pair.value != null)
                        .map(pair -> pair.value)
                        .findFirst()
                        .orElse(null);
    }

    /** Lets the logger go its usual way again. */
    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(levelBefore);
        logger.setAdditive(additiveBefore);
        appender.stop();
    }
}
