package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/** What came of a command. */
record Command(int code, String out, String err) {

    /** Runs one in this process. */
    static Command run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Pratique.commandLine(arguments)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int code = command.execute(arguments);
        return new Command(code, out.toString(), err.toString());
    }

    Command succeeds() {
        assertThat(code).as(err).isZero();
        return this;
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
