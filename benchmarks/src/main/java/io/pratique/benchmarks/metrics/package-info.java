/** What meters cost. */
@NullMarked
package io.pratique.benchmarks.metrics;

import org.jspecify.annotations.NullMarked;
