/** A deterministic simulation of the shipped consumer among faulty brokers, in virtual time and from one seed. */
@NullMarked
package dev.surefoot.testkit.simulation;

import org.jspecify.annotations.NullMarked;
