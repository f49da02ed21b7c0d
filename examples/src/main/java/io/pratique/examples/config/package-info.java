/** Schemas of two services, to be checked with {@code pratique config check} or at boot. */
@NullMarked
package io.pratique.examples.config;

import org.jspecify.annotations.NullMarked;
