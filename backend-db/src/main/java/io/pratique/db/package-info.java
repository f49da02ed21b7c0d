/** The flag source and store over the tables of a database. */
@NullMarked
package io.pratique.db;

import org.jspecify.annotations.NullMarked;
