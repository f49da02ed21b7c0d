package io.pratique.release.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is read where a watch reads its values. */
@Tag("S-8")
class SignalSourceTest {

    private Answers answers;

    @BeforeEach
    void start() throws IOException {
        answers = new Answers();
    }

    @AfterEach
    void stop() {
        answers.close();
    }

    @Nested
    class OfPrometheus {

        private static final String QUERY = "sum(rate(jobs_failed_total{job=~\"a+b\"}[1m]))";

        private SignalSource source() {
            return SignalSource.prometheus(answers.url("/prometheus/"), QUERY);
        }

        private double read(String data) throws Exception {
            answers.with(200, "{\"status\":\"success\",\"data\":" + data + "}");
            return source().read();
        }

        @Test
        void asksItsHttpApi() throws Exception {
            read("{\"resultType\":\"vector\",\"result\":[]}");

            URI asked = answers.asked().get(0);
            assertThat(asked.getPath()).isEqualTo("/prometheus/api/v1/query");
            assertThat(asked.getRawQuery()).doesNotContain("+b").contains("%2Bb");
            assertThat(asked.getQuery()).isEqualTo("query=" + QUERY);
        }

        @Test
        void readsOneSeries() throws Exception {
            assertThat(
                            read(
                                    "{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1767225600.1,\"0.25\"]}]}"))
                    .isEqualTo(0.25);
        }

        @Test
        void readsAScalar() throws Exception {
            assertThat(read("{\"resultType\":\"scalar\",\"result\":[1767225600.1,\"12\"]}"))
                    .isEqualTo(12);
            assertThat(read("{\"resultType\":\"scalar\",\"result\":[1767225600.1,\"+Inf\"]}"))
                    .isInfinite();
        }

        @Test
        void hasNoValueWithoutTraffic() throws Exception {
            assertThat(read("{\"resultType\":\"vector\",\"result\":[]}")).isNaN();
            assertThat(
                            read(
                                    "{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1767225600.1,\"NaN\"]}]}"))
                    .isNaN();
        }

        @Test
        void cannotReadSeveralSeries() {
            String one = "{\"metric\":{},\"value\":[1767225600.1,\"1\"]}";

            assertThatThrownBy(() -> read("{\"resultType\":\"vector\",\"result\":[" + one + "," + one + "]}"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("2 series", "sum(..)");
        }

        @Test
        void cannotReadARange() {
            assertThatThrownBy(() -> read("{\"resultType\":\"matrix\",\"result\":[]}"))
                    .hasMessageContaining("\"matrix\"");
        }

        @Test
        void saysWhyItWasRefused() {
            answers.with(400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error at char 3\"}");

            assertThatThrownBy(() -> source().read()).hasMessageContainingAll("status 400", "parse error at char 3");
        }

        @Test
        void cannotReadWhatIsNoPrometheus() {
            answers.with(502, "<html>bad gateway</html>");

            assertThatThrownBy(() -> source().read()).hasMessageContainingAll("status 502", "no JSON", "bad gateway");
        }

        @Test
        void wantsAServerAndAQuery() {
            assertThatThrownBy(() -> SignalSource.prometheus(URI.create("localhost:9090"), "up"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> SignalSource.prometheus(answers.url("/"), " "))
                    .hasMessageContaining("PromQL");
        }
    }

    @Nested
    class OfTheApplicationItself {

        private SignalSource source() {
            return SignalSource.json(answers.url("/health"), "/queue/backlog");
        }

        @Test
        void readsANumberWhateverTheStatus() throws Exception {
            answers.with(503, "{\"status\":\"DOWN\",\"queue\":{\"backlog\":12345}}");

            assertThat(source().read()).isEqualTo(12345);
        }

        @Test
        void hasNoValueWhereNullIs() throws Exception {
            answers.with(200, "{\"queue\":{\"backlog\":null}}");

            assertThat(source().read()).isNaN();
        }

        @Test
        void cannotReadWhatIsNotThereOrNoNumber() {
            answers.with(404, "{\"error\":\"not found\"}");
            assertThatThrownBy(() -> source().read()).hasMessageContainingAll("status 404", "\"/queue/backlog\"");
            answers.with(200, "{\"queue\":{\"backlog\":\"many\"}}");
            assertThatThrownBy(() -> source().read()).hasMessageContaining("many");
            answers.with(200, "");
            assertThatThrownBy(() -> source().read()).isInstanceOf(IOException.class);
        }
    }
}
