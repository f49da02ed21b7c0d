package com.acme;

import io.pratique.release.incidents.Incident;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A class that is wanted, and so loaded, only when somebody is told. */
final class AcmeChat {

    @Nullable URI tell(Incident incident) throws IOException {
        String line = incident.id() + (incident.isOpen() ? " is open\n" : " is closed\n");
        Files.writeString(Path.of("chat.txt"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return null;
    }
}
