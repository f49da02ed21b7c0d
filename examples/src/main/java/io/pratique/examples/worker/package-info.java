/** A worker with four background jobs, and a tour that shows what Pratique does for it. */
@NullMarked
package io.pratique.examples.worker;

import org.jspecify.annotations.NullMarked;
