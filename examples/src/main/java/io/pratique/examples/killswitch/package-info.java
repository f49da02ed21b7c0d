/** A flag that is turned off by one command and obeyed by other processes within milliseconds. */
@NullMarked
package io.pratique.examples.killswitch;

import org.jspecify.annotations.NullMarked;
