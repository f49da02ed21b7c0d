/** The S3 probe for applications that still hold a client of AWS SDK v1. */
@NullMarked
package io.pratique.probes.s3v1;

import org.jspecify.annotations.NullMarked;
