/** Runnable examples, one class each, against embedded servers. */
@NullMarked
package io.pratique.examples;

import org.jspecify.annotations.NullMarked;
