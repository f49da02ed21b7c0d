/** A release of a worker that is a table, a process and a directory: good, failing, killed in the middle, twice at once. */
@NullMarked
package io.pratique.examples.release;

import org.jspecify.annotations.NullMarked;
