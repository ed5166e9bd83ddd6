/** The foundation of tests, demo and benchmarks: real brokers, a faulty network, and conditions to wait for. */
@NullMarked
package dev.surefoot.testkit;

import org.jspecify.annotations.NullMarked;
