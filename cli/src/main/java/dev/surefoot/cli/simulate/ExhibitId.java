package dev.surefoot.cli.simulate;

import dev.surefoot.testkit.museum.Exhibit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Finds an exhibit by its id, in any case. */
final class ExhibitId implements ITypeConverter<Exhibit> {

    /** Created by picocli. */
    ExhibitId() {}

    @Override
    public Exhibit convert(String id) {
        for (Exhibit exhibit : Exhibit.ALL) {
            if (exhibit.id().equalsIgnoreCase(id)) {
                return exhibit;
            }
        }
        try {
            return Exhibit.byId(id);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
