package dev.surefoot.core.fetch;

import dev.surefoot.core.position.Effect;
import dev.surefoot.core.session.Verdict;
import java.util.List;

/**
 * The result of an answer to a fetch.
 *
 * @param verdict the result of the session's check
 * @param effects the consequences for the partitions, to be applied in this order
 */
public record AnsweredFetch(Verdict verdict, List<Effect> effects) {}
