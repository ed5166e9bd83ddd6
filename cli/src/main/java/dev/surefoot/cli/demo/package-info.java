/** {@code surefoot demo}: shows a broken session handler stall, and Surefoot read on, before a real Kafka. */
@NullMarked
package dev.surefoot.cli.demo;

import org.jspecify.annotations.NullMarked;
