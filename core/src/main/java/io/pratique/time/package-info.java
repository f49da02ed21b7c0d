/** The clock of a client or gate, and the one thread that acts on it. Not exported. */
@NullMarked
package io.pratique.time;

import org.jspecify.annotations.NullMarked;
