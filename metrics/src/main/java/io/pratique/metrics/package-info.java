/** The Micrometer binders for flag clients and readiness gates. */
@NullMarked
package io.pratique.metrics;

import org.jspecify.annotations.NullMarked;
