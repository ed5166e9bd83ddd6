/**
 * What tests, the demo and benchmarks stand on: real brokers, a faulty network, and the means to wait for either.
 */
@NullMarked
package dev.surefoot.testkit;

import org.jspecify.annotations.NullMarked;
