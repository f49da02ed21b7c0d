package io.pratique.release.checks;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of metrics in a query of Prometheus, which may hold Grafana's variables. It knows where a name can stand, and
 * does not say whether the query is right. A name that is partly a variable is nobody's to tell.
 */
final class PromQuery {

    /** One of these at a time; what matches none is passed over. Possessive, for queries are foreign text. */
    private static final Pattern TOKEN = Pattern.compile("""
            (?<skip>\\s++|\\#[^\\n]*+)\
            |(?<string>"(?:[^"\\\\]|\\\\.)*+"?+|'(?:[^'\\\\]|\\\\.)*+'?+|`[^`]*+`?+)\
            |(?<word>(?:[A-Za-z0-9_:]|\\$[A-Za-z_]|\\$\\{[^}]*+\\}|\\[\\[\\w++(?::\\w++)?+\\]\\])++)\
            |(?<operator>=~|!~|!=|==|>=|<=|.)""", Pattern.DOTALL);

    private static final Pattern NAME = Pattern.compile("[A-Za-z_:][A-Za-z0-9_:]*+");

    /** Followed by names of labels, if by anything in parentheses. */
    private static final Set<String> BEFORE_LABELS =
            Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

    private static final Set<String> OTHER_WORDS =
            Set.of("and", "or", "unless", "atan2", "bool", "offset", "inf", "nan");

    private final Deque<Token> tokens = new ArrayDeque<>();
    private final Set<String> names = new TreeSet<>();

    private record Token(Kind kind, String text) {

        boolean is(String operator) {
            return kind == Kind.OPERATOR && text.equals(operator);
        }

        boolean isOneOf(Set<String> words) {
            return kind == Kind.WORD && words.contains(text.toLowerCase(Locale.ROOT));
        }
    }

    private enum Kind {
        WORD,
        STRING,
        OPERATOR,
        END
    }

    private static final Token END = new Token(Kind.END, "");

    private PromQuery(String text) {
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            if (matcher.group("string") != null) {
                tokens.add(new Token(Kind.STRING, matcher.group()));
            } else if (matcher.group("word") != null) {
                tokens.add(new Token(Kind.WORD, matcher.group()));
            } else if (matcher.group("operator") != null) {
                tokens.add(new Token(Kind.OPERATOR, matcher.group()));
            }
        }
    }

    /** The metrics that a query asks for, in order of their names. */
    static Set<String> metrics(String text) {
        PromQuery query = new PromQuery(text);
        while (!query.tokens.isEmpty()) {
            query.take(query.tokens.remove());
        }
        return query.names;
    }

    private void take(Token token) {
        if (token.is("{")) {
            matchers();
        } else if (token.is("[")) {
            skip("[", "]");
        } else if (token.isOneOf(BEFORE_LABELS)) {
            if (next().is("(")) {
                skip("", ")");
            }
        } else if (token.kind() == Kind.WORD && !token.isOneOf(OTHER_WORDS)) {
            word(token.text());
        }
    }

    /** What stands before a parenthesis is a function, and what stands before labels is an aggregation. */
    private void word(String text) {
        boolean called = next().is("(") || next().isOneOf(Set.of("by", "without"));
        if (!called && NAME.matcher(text).matches()) {
            names.add(text);
        }
    }

    /** Label matchers to their end. A string without a comparison is a name, and so is what {@code __name__} must be. */
    private void matchers() {
        while (!tokens.isEmpty()) {
            Token token = tokens.remove();
            if (token.is("}")) {
                return;
            }
            if (token.kind() == Kind.STRING && (next().is(",") || next().is("}"))) {
                name(token);
            } else if (token.kind() != Kind.OPERATOR) {
                matcher(token);
            }
        }
    }

    private void matcher(Token label) {
        if (next().is("=") || next().is("=~") || next().is("!=") || next().is("!~")) {
            Token comparison = tokens.remove();
            if (next().kind() == Kind.STRING) {
                Token value = tokens.remove();
                if (label.text().equals("__name__") && comparison.is("=")) {
                    name(value);
                }
            }
        }
    }

    private void name(Token string) {
        String quoted = string.text();
        String text = quoted.length() < 2 ? "" : quoted.substring(1, quoted.length() - 1);
        if (!text.isEmpty() && text.indexOf('$') < 0 && text.indexOf('\\') < 0 && !text.contains("[[")) {
            names.add(text);
        }
    }

    private void skip(String begin, String end) {
        int depth = 1;
        if (begin.isEmpty()) {
            tokens.remove();
        }
        while (depth > 0 && !tokens.isEmpty()) {
            Token token = tokens.remove();
            depth += token.is(end) ? -1 : token.is(begin) ? 1 : 0;
        }
    }

    private Token next() {
        Token next = tokens.peek();
        return next == null ? END : next;
    }
}
