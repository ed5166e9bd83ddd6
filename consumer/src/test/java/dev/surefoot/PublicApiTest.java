package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.surefoot.planted.LeaksInnerTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a program can name. The module exports one package; on the class path, where all public classes are in reach,
 * the packages that are not exported are internal. No signature of the public classes has an internal type.
 */
class PublicApiTest {
    /** A class that is added here is a promise; one that goes breaks programs. */
    private static final Set<String> PUBLIC_CLASSES = Set.of(
            "dev.surefoot.BadRecordHandler",
            "dev.surefoot.BadUnit",
            "dev.surefoot.BadUnit$BatchFacts",
            "dev.surefoot.BadUnit$Reason",
            "dev.surefoot.FetchReport",
            "dev.surefoot.ReceivedRecord",
            "dev.surefoot.RecordVisitor",
            "dev.surefoot.RecordVisitor$Result",
            "dev.surefoot.SurefootConfig",
            "dev.surefoot.SurefootConsumer");

    /** The classes of the consumer's module, whether they come from a folder or from a jar that was unpacked there. */
    private static Path classes() {
        try {
            return Path.of(SurefootConsumer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> exportedPackages() throws IOException {
        try (InputStream description = Files.newInputStream(classes().resolve("module-info.class"))) {
            return ModuleDescriptor.read(description).exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        }
    }

    /** The classes of a package that are public, and whose enclosing classes are. */
    private static List<Class<?>> publicClasses(String packageName) {
        Path folder = classes().resolve(packageName.replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .<Class<?>>map(name -> load(packageName + "." + name.substring(0, name.length() - 6)))
                    .filter(PublicApiTest::isInReach)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApiTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isInReach(Class<?> type) {
        boolean visible = isVisible(type.getModifiers()) && !type.isAnonymousClass() && !type.isLocalClass();
        return visible && (type.getDeclaringClass() == null || isInReach(type.getDeclaringClass()));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    @Test
    void theModuleExportsOnePackage() throws IOException {
        assertThat(exportedPackages()).containsExactly("dev.surefoot");
    }

    @Test
    void thePublicClassesAreThese() {
        assertThat(publicClasses("dev.surefoot")).extracting(Class::getName).hasSameElementsAs(PUBLIC_CLASSES);
    }

    @Test
    void noSignatureHasAnInnerType() {
        for (Class<?> type : publicClasses("dev.surefoot")) {
            assertThat(foreignTypes(type)).as(type.getName()).isEmpty();
        }
    }

    @Test
    void anInnerTypeInASignatureIsSeen() {
        assertThat(foreignTypes(LeaksInnerTypes.class))
                .containsExactlyInAnyOrder(
                        "dev.surefoot.net.Clock",
                        "dev.surefoot.net.Transport",
                        "dev.surefoot.runtime.Loop",
                        "dev.surefoot.runtime.Seams",
                        "dev.surefoot.runtime.Threads",
                        "org.apache.kafka.common.network.Selector",
                        "org.apache.kafka.common.utils.Time");
    }

    /** The types in what a program sees of a class that belong neither to the JDK nor to a public API. */
    private static Set<String> foreignTypes(Class<?> type) {
        Set<Type> named = new LinkedHashSet<>();
        if (type.getGenericSuperclass() != null) {
            named.add(visibleSuperclass(type));
        }
        named.addAll(List.of(type.getGenericInterfaces()));
        named.addAll(boundsOf(type.getTypeParameters()));
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            addSignature(named, constructor);
        }
        for (Method method : methods(type)) {
            if (isVisible(method.getModifiers())) {
                addSignature(named, method);
                named.add(method.getGenericReturnType());
            }
        }
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field.getModifiers())) {
                named.add(field.getGenericType());
            }
        }
        Set<Class<?>> mentioned = new LinkedHashSet<>();
        named.forEach(each -> mention(each, mentioned, new LinkedHashSet<>()));
        return mentioned.stream()
                .filter(PublicApiTest::isForeign)
                .map(Class::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A program sees what it inherits from a class that is not public, and not the class itself. */
    private static Type visibleSuperclass(Class<?> type) {
        Class<?> above = type.getSuperclass();
        return isVisible(above.getModifiers()) ? type.getGenericSuperclass() : visibleSuperclass(above);
    }

    /** The methods of a class, and those that it inherits from our classes. */
    private static List<Method> methods(Class<?> type) {
        List<Method> methods = new ArrayList<>();
        for (Class<?> each = type; each != null && isOurs(each); each = each.getSuperclass()) {
            methods.addAll(Arrays.asList(each.getDeclaredMethods()));
        }
        return methods;
    }

    private static void addSignature(Set<Type> named, Executable executable) {
        if (isVisible(executable.getModifiers())) {
            named.addAll(List.of(executable.getGenericParameterTypes()));
            named.addAll(List.of(executable.getGenericExceptionTypes()));
            named.addAll(boundsOf(executable.getTypeParameters()));
        }
    }

    private static List<Type> boundsOf(TypeVariable<?>[] variables) {
        return Arrays.stream(variables)
                .flatMap(variable -> Arrays.stream(variable.getBounds()))
                .toList();
    }

    private static void mention(Type type, Set<Class<?>> mentioned, Set<Type> seen) {
        if (!seen.add(type)) {
            return;
        }
        List<Type> parts = new ArrayList<>();
        if (type instanceof Class<?> plain) {
            Class<?> element = plain;
            while (element.isArray()) {
                element = element.getComponentType();
            }
            mentioned.add(element);
        } else if (type instanceof ParameterizedType parameterized) {
            parts.add(parameterized.getRawType());
            parts.addAll(List.of(parameterized.getActualTypeArguments()));
        } else if (type instanceof GenericArrayType array) {
            parts.add(array.getGenericComponentType());
        } else if (type instanceof TypeVariable<?> variable) {
            parts.addAll(List.of(variable.getBounds()));
        } else if (type instanceof WildcardType wildcard) {
            parts.addAll(List.of(wildcard.getUpperBounds()));
            parts.addAll(List.of(wildcard.getLowerBounds()));
        }
        parts.forEach(part -> mention(part, mentioned, seen));
    }

    private static boolean isForeign(Class<?> type) {
        boolean jdk = type.isPrimitive() || type.getModule() == Object.class.getModule();
        boolean kafkas = type.getName().startsWith("org.apache.kafka.")
                && !PublicKafka.isNotPublic(type.getPackageName(), type.getName());
        boolean jspecifys = type.getPackageName().equals("org.jspecify.annotations");
        boolean diagnosis = type.getPackageName().equals("dev.surefoot.progress");
        return !jdk && !kafkas && !jspecifys && !diagnosis && !PUBLIC_CLASSES.contains(type.getName());
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("dev.surefoot.");
    }
}
