/** Readiness: probes say how dependencies are, and a gate decides from that whether a job should run. */
@NullMarked
package io.pratique.readiness;

import org.jspecify.annotations.NullMarked;
