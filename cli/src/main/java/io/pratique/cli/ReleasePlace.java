package io.pratique.cli;

import io.pratique.release.ReleaseLock;
import java.nio.file.Path;

/**
 * Where the releases of a service are kept.
 *
 * @param directory of their journals
 * @param lock that lets one run at a time
 */
record ReleasePlace(Path directory, ReleaseLock lock) {}
