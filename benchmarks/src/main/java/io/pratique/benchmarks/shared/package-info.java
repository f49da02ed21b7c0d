/** What flags cost through a real server: how fast a change spreads, what many clients cost, how long a full load takes. */
@NullMarked
package io.pratique.benchmarks.shared;

import org.jspecify.annotations.NullMarked;
