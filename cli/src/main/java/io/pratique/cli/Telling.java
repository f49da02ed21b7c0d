package io.pratique.cli;

import io.pratique.flags.spi.FlagText;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command of releases tells what it does and what came of it, and with which code it ends. */
final class Telling {

    /** Of the controls, those that JSON need not escape, and what turns the direction of text or is not seen. */
    private static final Pattern HIDDEN = Pattern.compile("[\\x7f-\\x9f\\u2028\\u2029\\p{Cf}&&[\\x00-\\uffff]]");

    private final CommandLine command;
    private final Format format;

    Telling(CommandSpec command, Format format) {
        this.command = command.commandLine();
        this.format = format;
    }

    /**
     * The code that something gives. Of what is out of reach a release says the same as of what is wrong, for nothing was
     * begun.
     */
    int codeOf(Callable<Integer> deed) {
        try {
            return deed.call();
        } catch (InterruptedException stopped) {
            return ReleaseExitCode.INTERRUPTED;
        } catch (Exception thrown) {
            Pratique.complain(thrown, command);
            return ReleaseExitCode.CONFIGURATION;
        } catch (Error broken) {
            // Out of memory, or of a plan's own: it may have come at any time.
            Pratique.complain(broken, command);
            return ReleaseExitCode.INCONCLUSIVE;
        }
    }

    /** One line while it goes on. Of the one JSON object on the output it would not be a part. */
    void say(String line) {
        line(format == Format.JSON ? command.getErr() : command.getOut(), line);
    }

    /** The same where a report of several lines is to follow. */
    void sayAside(String line) {
        line(command.getErr(), line);
    }

    /** Names of files, and what commands say, may hold what a terminal obeys. */
    private static void line(PrintWriter lines, String text) {
        text.lines().map(line -> FlagText.printable(line, Integer.MAX_VALUE)).forEach(lines::println);
        lines.flush();
    }

    /** JSON has its own way to say the same, and leaves some of it to whoever prints it. */
    private static void json(PrintWriter lines, String json) {
        Matcher hidden = HIDDEN.matcher(json);
        lines.println(hidden.replaceAll(
                found -> String.format("\\\\u%04x", (int) found.group().charAt(0))));
        lines.flush();
    }

    /** What came of it. */
    void print(String text, String json) {
        if (format == Format.JSON) {
            json(command.getOut(), json.stripTrailing());
        } else {
            line(command.getOut(), text.stripTrailing());
        }
    }

    /** What was asked for and nothing else, so it has failed if nobody can read it. */
    int answer(int code, String text, String json) {
        print(text, json);
        return command.getOut().checkError() ? ReleaseExitCode.CONFIGURATION : code;
    }
}
