/** Text that people write by hand. For Pratique's own modules only. */
@NullMarked
package io.pratique.text;

import org.jspecify.annotations.NullMarked;
