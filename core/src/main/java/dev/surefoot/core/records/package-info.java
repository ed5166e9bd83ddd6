/**
 * Floor 0. Record batches of every format that a broker may hold: header scan, checksums, bounded decompression and
 * lazy decoding over slices of the receive buffer.
 */
@NullMarked
package dev.surefoot.core.records;

import org.jspecify.annotations.NullMarked;
