/** Ready-made actions for the steps of a release, which keep or change something. */
@NullMarked
package io.pratique.release.steps;

import org.jspecify.annotations.NullMarked;
