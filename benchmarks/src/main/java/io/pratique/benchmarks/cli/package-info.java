/** What the command costs. */
@NullMarked
package io.pratique.benchmarks.cli;

import org.jspecify.annotations.NullMarked;
