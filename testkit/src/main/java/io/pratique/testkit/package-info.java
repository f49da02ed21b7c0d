/** Contract suites that every source and store passes, fakes to drive them, and a JUnit extension for flags in tests. */
@NullMarked
package io.pratique.testkit;

import org.jspecify.annotations.NullMarked;
