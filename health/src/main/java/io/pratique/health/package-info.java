/** Health endpoints: plain functions, and a server over the JDK's. */
@NullMarked
package io.pratique.health;

import org.jspecify.annotations.NullMarked;
