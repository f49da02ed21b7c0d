/** The {@code pratique} command: checks a configuration, reads and writes flags, asks for health, runs releases. */
@NullMarked
package io.pratique.cli;

import org.jspecify.annotations.NullMarked;
