/** One probe for each kind of dependency. */
@NullMarked
package io.pratique.probes;

import org.jspecify.annotations.NullMarked;
