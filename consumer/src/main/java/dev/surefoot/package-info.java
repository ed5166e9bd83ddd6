/**
 * The public API of Surefoot: the consumer, its configuration, visitors of records and reports. The classes here check
 * threads and arguments, and delegate. Every other package is internal: the module does not export it, and it changes
 * without notice.
 */
@NullMarked
package dev.surefoot;

import org.jspecify.annotations.NullMarked;
