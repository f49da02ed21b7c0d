package io.pratique.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFileTest {

    @TempDir
    Path directory;

    private Command check(String plan) throws Exception {
        Path file = Files.writeString(directory.resolve("plan.json"), plan);
        return Command.run("release", "check", "--plan", file.toString(), "--version", "v1");
    }

    private Command checkOf(String step) throws Exception {
        return check(
                "{\"directory\": \"releases\", \"steps\": [{\"name\": \"it\", \"kind\": \"check\", " + step + "}]}");
    }

    @Nested
    @Tag("V-2")
    class AReadyMadeCheck {

        @Test
        void asksAUrl() throws Exception {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                byte[] body = "{\"version\": \"v1\"}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            });
            server.start();
            try {
                String url = "http://localhost:" + server.getAddress().getPort() + "/health";
                assertThat(checkOf("\"http\": {\"url\": \"" + url
                                        + "\", \"version\": \"/version\", \"timeout\": \"2s\", \"attempts\": 1}")
                                .succeeds()
                                .out())
                        .contains("answers");
                assertThat(checkOf("\"http\": {\"url\": \"" + url
                                        + "\", \"version\": \"/other\", \"attempts\": 2, \"apart\": \"1ms\"}")
                                .code())
                        .isEqualTo(4);
            } finally {
                server.stop(0);
            }
        }

        @Test
        void wantsAnEnvironment() throws Exception {
            assertThat(checkOf("\"guard\": {\"NO_SUCH_VARIABLE\": \"true\"}").code())
                    .isEqualTo(4);
        }

        @Test
        void wantsAFileBesideThePlan() throws Exception {
            assertThat(checkOf("\"artifact\": {\"file\": \"app.jar\"}").code()).isEqualTo(4);
            Files.writeString(directory.resolve("app.jar"), "it");
            checkOf("\"artifact\": {\"file\": \"app.jar\"}").succeeds();
            assertThat(checkOf("\"artifact\": {\"file\": \"app.jar\", \"sha256\": \"" + "0".repeat(64) + "\"}")
                            .code())
                    .isEqualTo(4);
        }
    }

    @Nested
    class AMistake {

        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '`',
                value = {
                    "\"runs\": [\"true\"], \"rum\": 1|did you mean \"run\"?",
                    "\"run\": [\"true\"], \"time-out\": \"1s\"|did you mean \"timeout\"?",
                    "\"run\": [\"true\"], \"compensation\": [\"true\"]|unknown key \"compensation\"",
                    "\"run\": [\"true\"], \"guard\": {\"CI\": \"true\"}|must have one of [artifact, backup, guard, http, restorable, restore, run], but has [guard, run]",
                    "\"timeout\": \"1s\"|but has none",
                    "\"run\": \"true\"|must be an array",
                    "\"run\": []|\"run\" of step 1 of the plan",
                    "\"run\": [\"true\", 1]|must be a text",
                    "\"run\": [\"true\"], \"timeout\": \"soon\"|must be a duration such as 30s",
                    "\"http\": {\"url\": \"http://h/\", \"versoin\": \"/v\"}|did you mean \"version\"?",
                    "\"http\": {\"url\": \"::\"}|must be a URL",
                    "\"http\": {}|\"url\" of \"http\" of step 1 of the plan must be a text, but is missing",
                    "\"http\": {\"url\": \"http://h/\", \"attempts\": \"3\"}|must be a whole number",
                    "\"guard\": {}|must name a variable",
                    "\"guard\": [\"CI\"]|must be an object",
                    "\"backup\": {\"postgres\": \"postgresql://db.internal/app\"}|user",
                    "\"backup\": {\"postgres\": \"mysql://u:hunter2@h/d\"}|must begin with postgresql://",
                    "\"guard\": {\"CI\": true}|\"CI\" of \"guard\" of step 1 of the plan must be a text"
                },
                delimiter = '|')
        void inAStepIsNamed(String step, String said) throws Exception {
            Command refused = checkOf(step);

            assertThat(refused.code()).as(refused.err()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("plan.json", said)
                    .doesNotContain("hunter2")
                    .doesNotContain("\tat ");
        }

        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '`',
                value = {
                    "{\"stepz\": []}|did you mean \"steps\"?",
                    "{}|\"steps\" of a plan must be an array, but is missing",
                    "[]|a plan must be an object",
                    "{|line 1 is not JSON",
                    "{\"steps\": [], \"steps\": []}|names a key twice",
                    "{\"directory\": \"d\", \"steps\": []}|has no steps",
                    "{\"steps\": [{\"name\": \"a\", \"kind\": \"check\", \"run\": [\"true\"]}]}|give --directory",
                    "{\"steps\": [{\"name\": \"a\", \"kind\": \"chnage\", \"run\": [\"true\"]}]}|did you mean \"change\"?",
                    "{\"directory\": \"d\", \"steps\": [{\"name\": \"a\", \"kind\": \"change\", \"run\": [\"true\"]}]}|needs a compensation",
                    "{\"lock\": {\"postgres\": \"mysql://u:hunter2@h/d\", \"name\": \"n\"}, \"steps\": []}|must begin with postgresql://",
                    "{\"incidents\": {\"slack\": \"https://hooks/hunter2\"}, \"steps\": []}|must name a variable",
                    "{\"incidents\": {\"github\": {\"token\": \"T\"}}, \"steps\": []}|\"repository\" of",
                    "{\"incidents\": {\"github\": {\"repository\": \"a/b\", \"token\": \"T\", \"url\": \"ht tp://u:hunter2@h\"}}, \"steps\": []}|must be a URL",
                    "{\"incidents\": {\"pagerdutty\": \"T\"}, \"steps\": []}|did you mean \"pagerduty\"?",
                    "{\"lock\": {\"postgress\": \"x\"}, \"steps\": []}|did you mean \"postgres\"?",
                    "{\"lock\": {\"postgres\": \"jdbc:postgresql://h:hunter2:x/d\", \"name\": \"n\"}, \"steps\": []}|cannot be taken apart"
                },
                delimiter = '|')
        void inThePlanIsNamed(String plan, String said) throws Exception {
            Command refused = check(plan);

            assertThat(refused.code()).as(refused.err()).isEqualTo(2);
            assertThat(refused.err()).contains(said).doesNotContain("hunter2").doesNotContain("\tat ");
        }

        @Test
        void ofAPlanThatIsNestedTooDeepIsNamed() throws Exception {
            assertThat(check("{\"steps\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}")
                            .err())
                    .contains("plan.json", "nested too deep");
        }

        @Test
        void ofAFileThatIsMissingIsNoLock() {
            Command refused = Command.run("release", "plan", "--plan", "no/such.json", "--version", "v1");

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("no/such.json");
        }

        @Test
        void ofADirectoryThatIsNotThePlansOwnIsRefused() throws Exception {
            Path file = Files.writeString(
                    directory.resolve("plan.json"),
                    "{\"directory\": \"releases\", \"steps\": [{\"name\": \"it\", \"kind\": \"check\", \"run\": [\"true\"]}]}");

            Command other = Command.run(
                    "release", "plan", "--plan", file.toString(), "--version", "v1", "--directory", "elsewhere");
            Command same = Command.run(
                    "release",
                    "plan",
                    "--plan",
                    file.toString(),
                    "--version",
                    "v1",
                    "--directory",
                    directory.resolve("releases").toString());

            assertThat(other.code()).isEqualTo(2);
            assertThat(other.err()).contains("elsewhere", "leave it out");
            same.succeeds();
        }
    }
}
