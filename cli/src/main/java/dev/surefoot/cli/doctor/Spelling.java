package dev.surefoot.cli.doctor;

import java.util.Collection;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What a name that nothing has was probably meant to be. */
final class Spelling {

    /** The number of wrong characters that count as a misspelling. */
    private static final int SLIP = 3;

    private Spelling() {}

    /** Returns the question for a message that ends there; empty if no name is near. */
    static String didYouMean(String name, Collection<String> names) {
        LevenshteinDistance distance = new LevenshteinDistance(SLIP);
        return names.stream()
                .filter(each -> distance.apply(each, name) >= 0)
                .sorted()
                .findFirst()
                .map(each -> "; did you mean '" + each + "'?")
                .orElse("");
    }
}
