/**
 * Why a partition does not advance, and since when. The guard records what answers show, looks at each partition about
 * once a second, and names exactly one cause for it. It sends nothing and decides nothing about fetching.
 */
@NullMarked
package dev.surefoot.core.guard;

import org.jspecify.annotations.NullMarked;
