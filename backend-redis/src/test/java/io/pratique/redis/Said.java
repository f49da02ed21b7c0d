package io.pratique.redis;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a logger has said since this was made; nobody else hears it meanwhile. */
final class Said implements AutoCloseable {

    private final Logger logger;
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    private Said(Logger logger) {
        this.logger = logger;
    }

    static Said by(String name, Level level) {
        Said said = new Said((Logger) LoggerFactory.getLogger(name));
        said.appender.start();
        said.logger.setLevel(level);
        said.logger.setAdditive(false);
        said.logger.addAppender(said.appender);
        return said;
    }

    /** Each with its level before it. */
    List<String> lines() {
        return List.copyOf(appender.list).stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    /** Those that begin with a level. */
    List<String> lines(Level level) {
        return lines().stream().filter(line -> line.startsWith(level + " ")).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(null);
    }
}
