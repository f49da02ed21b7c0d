/** What a check costs: ours, the floors below it, and other libraries beside it. */
@NullMarked
package io.pratique.benchmarks.checks;

import org.jspecify.annotations.NullMarked;
