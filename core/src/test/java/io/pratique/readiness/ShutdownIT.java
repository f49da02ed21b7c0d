package io.pratique.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A real process that is asked to end by a real signal. */
@Tag("R-8")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no signal that asks a process to end")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ShutdownIT {

    private Process process;
    private BufferedReader output;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path")
                                + File.pathSeparator
                                + System.getProperty("jdk.module.path", ""),
                        DrainingProcess.class.getName())
                .redirectErrorStream(true)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    /** The next line that the program itself prints; those of its log are passed over. */
    private String said() throws IOException {
        String line = output.readLine();
        while (line != null && !line.startsWith(DrainingProcess.MARK)) {
            line = output.readLine();
        }
        return line == null ? null : line.substring(DrainingProcess.MARK.length());
    }

    /** As an orchestrator does; {@link Process#destroy()} would close the streams too. */
    private void signal() {
        assertThat(process.toHandle().destroy()).isTrue();
    }

    @Test
    void aSecondSignalChangesNothing() throws Exception {
        assertThat(said()).isEqualTo("running");
        signal();
        assertThat(said()).isEqualTo("DRAINING");
        signal();
        signal();
        assertThat(process.isAlive()).isTrue();
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();

        assertThat(said()).isEqualTo("run ends");
        assertThat(said()).isEqualTo("first closes");
        assertThat(said()).isEqualTo("second closes");
        assertThat(said()).isNull();
        assertThat(process.waitFor()).as("143 is 128 and SIGTERM").isEqualTo(143);
    }
}
