package io.pratique.release.incidents;

import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** An incident as text, in which what others wrote cannot pass for a mention, a mark or a link. */
final class IncidentText {

    /** Nothing that others wrote can be it. */
    private static final String CLOSED = "<!-- pratique-incident is closed -->";

    private IncidentText() {}

    /** The incident's name, whatever becomes of it. */
    static String name(Incident incident) {
        return "Incident " + incident.key() + ": release of " + incident.version();
    }

    /** For GitHub: mentions and marks within a block of code are none. */
    static String markdown(Incident incident) {
        StringBuilder text = new StringBuilder("**" + incident.title() + "**\n\n");
        if (incident.reason() != null) {
            block(text, incident.reason());
        }
        row(text, "incident", incident.id());
        row(text, "version before", incident.previousVersion());
        row(text, "opened", incident.openedAt().truncatedTo(ChronoUnit.SECONDS));
        row(text, "due", incident.dueAt().truncatedTo(ChronoUnit.SECONDS));
        row(text, "ticket", incident.ticket());
        Incident.Closing closing = incident.closing();
        if (closing != null) {
            row(text, "closed", closing.at().truncatedTo(ChronoUnit.SECONDS));
            text.append('\n');
            block(text, by(closing));
            text.append(CLOSED).append('\n');
        }
        return text.toString();
    }

    /** Whether a text is the Markdown of an incident that was closed. */
    static boolean isClosed(String markdown) {
        return markdown.contains(CLOSED);
    }

    private static String by(Incident.Closing closing) {
        return closing.by() + (closing.note().isBlank() ? "" : ": " + closing.note());
    }

    private static void block(StringBuilder text, String line) {
        text.append("```text\n")
                .append(line.replace("```", "'''").replace("<!--", "<! --"))
                .append("\n```\n\n");
    }

    private static void row(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append("- ").append(name).append(": ").append(value).append('\n');
        }
    }

    /** For Slack, where three characters have a meaning. */
    static String slack(Incident incident) {
        StringBuilder text = new StringBuilder("*" + escaped(incident.title()) + "*");
        Incident.Closing closing = incident.closing();
        if (closing != null) {
            return text.append("\nIncident ")
                    .append(incident.key())
                    .append(", closed by ")
                    .append(escaped(by(closing)))
                    .toString();
        }
        if (incident.revision() > 1) {
            text.append(" (it has changed)");
        }
        if (incident.reason() != null) {
            text.append('\n').append(escaped(incident.reason()));
        }
        text.append("\nIncident ")
                .append(incident.key())
                .append(", due ")
                .append(incident.dueAt().truncatedTo(ChronoUnit.SECONDS));
        if (incident.ticket() != null) {
            text.append(", <").append(escaped(incident.ticket().toString())).append("|ticket>");
        }
        return text.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
