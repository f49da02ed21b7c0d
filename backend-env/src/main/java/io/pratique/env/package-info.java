/** The flag source over environment variables, system properties, files and mounted directories. */
@NullMarked
package io.pratique.env;

import org.jspecify.annotations.NullMarked;
