package io.pratique.examples.release;

import io.pratique.release.ChangeState;
import io.pratique.release.StepContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** The worker's frontend: a directory for each version, and a link to one of them that is replaced by a rename. */
final class WorkerFrontend {

    private final WorkerSite site;

    WorkerFrontend(WorkerSite site) {
        this.site = site;
    }

    /** Whoever reads through the link sees one version or the other, and never none. */
    void show(@Nullable String version) throws IOException {
        if (version == null) {
            Files.deleteIfExists(site.frontendLink());
            return;
        }
        Path next = site.home().resolve("frontend.next");
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, site.frontend(version));
        Files.move(next, site.frontendLink(), StandardCopyOption.ATOMIC_MOVE);
    }

    boolean shows(@Nullable String version) throws IOException {
        if (!Files.isSymbolicLink(site.frontendLink())) {
            return version == null;
        }
        return version != null && Files.readSymbolicLink(site.frontendLink()).equals(site.frontend(version));
    }

    ChangeState state(StepContext context) throws IOException {
        if (shows(context.version())) {
            return ChangeState.NEW;
        }
        return shows(context.previousVersion()) ? ChangeState.OLD : ChangeState.UNKNOWN;
    }

    /** Throws unless the link leads to a page of this version. */
    void require(@Nullable String version) throws IOException {
        if (!shows(version) || (version != null && !Files.isReadable(page(version)))) {
            throw new IllegalStateException("the frontend is not of version \"" + version + "\"");
        }
    }

    /** Throws if the version is not there any more. */
    void requireBuilt(@Nullable String version) throws IOException {
        if (version != null && !Files.isReadable(page(version))) {
            throw new IOException("the frontend of version \"" + version + "\" is gone; build it again");
        }
    }

    private Path page(String version) {
        return site.frontend(version).resolve("index.html");
    }
}
