/** {@code surefoot demo}: shows, with a real Kafka, that a broken session handler stalls and Surefoot does not. */
@NullMarked
package dev.surefoot.cli.demo;

import org.jspecify.annotations.NullMarked;
