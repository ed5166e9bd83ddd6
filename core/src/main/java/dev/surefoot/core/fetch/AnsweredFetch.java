package dev.surefoot.core.fetch;

import dev.surefoot.core.position.Effect;
import dev.surefoot.core.session.Verdict;
import java.util.List;

/**
 * What an answer to a fetch comes to.
 *
 * @param verdict what the session made of the answer
 * @param effects what follows for the partitions, to be applied in this order
 */
public record AnsweredFetch(Verdict verdict, List<Effect> effects) {}
