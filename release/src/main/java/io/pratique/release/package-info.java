/** Releases that are checked before, journalled, verified after, and undone by themselves when they fail. */
@NullMarked
package io.pratique.release;

import org.jspecify.annotations.NullMarked;
