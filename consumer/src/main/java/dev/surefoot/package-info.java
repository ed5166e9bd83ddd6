/** The public face of Surefoot: the consumer, its configuration, its reports. No logic lives here. */
@NullMarked
package dev.surefoot;

import org.jspecify.annotations.NullMarked;
