/** What all packages of this module do with files and connections in one way; not for users. */
@NullMarked
package io.pratique.release.io;

import org.jspecify.annotations.NullMarked;
