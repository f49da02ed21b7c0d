/** Checks to be steps of a release, each of one thing. */
@NullMarked
package io.pratique.release.checks;

import org.jspecify.annotations.NullMarked;
