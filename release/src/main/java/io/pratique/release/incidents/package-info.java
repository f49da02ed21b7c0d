/** Incidents: what people are told of a release that was undone, until somebody has looked into it. */
@NullMarked
package io.pratique.release.incidents;

import org.jspecify.annotations.NullMarked;
