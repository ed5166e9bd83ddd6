package dev.surefoot.cli.simulate;

import dev.surefoot.testkit.museum.KnownBad;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Finds an exhibit by its id, in any case. */
final class ExhibitId implements ITypeConverter<KnownBad> {

    /** Created by picocli. */
    ExhibitId() {}

    @Override
    public KnownBad convert(String id) {
        for (KnownBad exhibit : MuseumVisit.EXHIBITS) {
            if (exhibit.id().equalsIgnoreCase(id)) {
                return exhibit;
            }
        }
        throw new TypeConversionException("no exhibit is called " + id + "; there are "
                + MuseumVisit.EXHIBITS.stream().map(KnownBad::id).collect(Collectors.joining(", ")));
    }
}
