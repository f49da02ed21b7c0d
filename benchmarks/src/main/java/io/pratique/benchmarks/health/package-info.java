/** What health endpoints cost. */
@NullMarked
package io.pratique.benchmarks.health;

import org.jspecify.annotations.NullMarked;
