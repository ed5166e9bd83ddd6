package dev.surefoot.core;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;

/**
 * Holds for a class that depends only on its own package and on those of lower floors, and whose package has a floor.
 */
final class ImportOnlyDownwards extends ArchCondition<JavaClass> {

    private final String base;
    private final Map<String, Integer> floors;

    /**
     * @param base what the names of the packages start with, up to and with a dot
     * @param floors the floor of each package under the base; its subpackages belong to it
     */
    ImportOnlyDownwards(String base, Map<String, Integer> floors) {
        super("import only from floors below");
        this.base = base;
        this.floors = floors;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        String from = packageUnderBase(type);
        Integer floor = floors.get(from);
        if (floor == null) {
            events.add(SimpleConditionEvent.violated(
                    type, type.getName() + " is in no package that has a floor; give '" + from + "' one"));
            return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass().getBaseComponentType();
            String to = packageUnderBase(target);
            if (target.getName().startsWith(base) && !to.equals(from) && floors.getOrDefault(to, floor) >= floor) {
                events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
            }
        }
    }

    private String packageUnderBase(JavaClass type) {
        String name = type.getPackageName() + ".";
        if (!name.startsWith(base)) {
            return "";
        }
        String rest = name.substring(base.length());
        return rest.isEmpty() ? "" : rest.substring(0, rest.indexOf('.'));
    }
}
