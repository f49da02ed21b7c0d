/** Feature flags: the client that evaluates them, the handles that read them, and the static façade over both. */
@NullMarked
package io.pratique.flags;

import org.jspecify.annotations.NullMarked;
