/** A schema of the variables a program is configured with, and all that is made of it. */
@NullMarked
package io.pratique.config;

import org.jspecify.annotations.NullMarked;
