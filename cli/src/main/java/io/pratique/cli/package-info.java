/** The {@code pratique} command: checks a configuration, reads and writes flags, asks for health. */
@NullMarked
package io.pratique.cli;

import org.jspecify.annotations.NullMarked;
