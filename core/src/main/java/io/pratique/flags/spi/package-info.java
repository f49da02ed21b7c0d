/** What a flag source or store implements: it loads sets of text values; parsing, caching and retrying are not its concern. */
@NullMarked
package io.pratique.flags.spi;

import org.jspecify.annotations.NullMarked;
