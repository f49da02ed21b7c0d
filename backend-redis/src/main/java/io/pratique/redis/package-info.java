/** The flag source and store over Redis. */
@NullMarked
package io.pratique.redis;

import org.jspecify.annotations.NullMarked;
