/** What refreshing costs as flags grow in number, and how much memory they take. */
@NullMarked
package io.pratique.benchmarks.refresh;

import org.jspecify.annotations.NullMarked;
