package io.pratique.env;

import static org.assertj.core.api.Assertions.assertThat;

import io.pratique.env.Naming.Form;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("B-1")
class VariableTest {

    private static final List<Form> FORMS = List.of(Form.SUFFIXED, Form.PREFIXED, Form.BARE);

    /** Whichever order a map or a directory gives them in. */
    @Test
    void voteDoesNotDependOnTheOrderOfTheVariables() {
        List<String> texts = List.of("off", "on", "0");
        for (List<Integer> order : permutations(List.of(0, 1, 2))) {
            for (List<Integer> speakers : permutations(List.of(0, 1, 2))) {
                Variable.Vote vote = vote(order.stream()
                        .map(i -> new Variable(0, FORMS.get(i), "NAME_" + i, texts.get(speakers.get(i))))
                        .toList());

                assertThat(vote.decides().form()).isEqualTo(Form.SUFFIXED);
                assertThat(vote.contradicts()).as("%s of %s", order, speakers).isNotNull();
                assertThat(vote.contradicts().agreesWith(vote.decides())).isFalse();
            }
        }
    }

    @Test
    void voteOfOneMindHasNoContradiction() {
        for (List<Integer> order : permutations(List.of(0, 1, 2))) {
            Variable.Vote vote = vote(order.stream()
                    .map(i -> new Variable(
                            0,
                            FORMS.get(i),
                            "NAME_" + i,
                            List.of("off", "No", "0").get(i)))
                    .toList());

            assertThat(vote.decides().form()).isEqualTo(Form.SUFFIXED);
            assertThat(vote.contradicts()).isNull();
        }
    }

    @Test
    @Tag("F-3")
    void validTextDecidesBeforeAnInvalidOneOfAnyRank() {
        List<String> texts = List.of("", "offf", "no");
        for (List<Integer> order : permutations(List.of(0, 1, 2))) {
            for (List<Integer> speakers : permutations(List.of(0, 1, 2))) {
                Variable.Vote vote = vote(order.stream()
                        .map(i -> new Variable(0, FORMS.get(i), "NAME_" + i, texts.get(speakers.get(i))))
                        .toList());

                assertThat(vote.decides().text())
                        .as("%s of %s", order, speakers)
                        .isEqualTo("no");
            }
        }
    }

    private static Variable.Vote vote(List<Variable> variables) {
        return Variable.Vote.among(variables, variable -> false);
    }

    private static List<List<Integer>> permutations(List<Integer> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (Integer first : items) {
            List<Integer> rest = new ArrayList<>(items);
            rest.remove(first);
            for (List<Integer> tail : permutations(rest)) {
                List<Integer> permutation = new ArrayList<>(List.of(first));
                permutation.addAll(tail);
                all.add(permutation);
            }
        }
        return all;
    }
}
