/**
 * {@code surefoot doctor}: looks at a group of any client from outside, and says what stands still and why.
 *
 * <p>Three parts: what was seen ({@link dev.surefoot.cli.doctor.Examination}, values), what it means
 * ({@link dev.surefoot.cli.doctor.Diagnosis}, without side effects), and how it is looked at and shown.
 */
@NullMarked
package dev.surefoot.cli.doctor;

import org.jspecify.annotations.NullMarked;
