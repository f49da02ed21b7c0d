package io.pratique.cli;

import io.pratique.release.ReleaseLock;
import io.pratique.release.incidents.Incidents;
import java.nio.file.Path;

/**
 * Where the releases of a service are kept.
 *
 * @param directory of their journals
 * @param lock that lets one run at a time
 * @param incidents of them, with those who are told
 */
record ReleasePlace(Path directory, ReleaseLock lock, Incidents incidents) {}
