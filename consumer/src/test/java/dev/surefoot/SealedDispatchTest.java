package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Keeps the compiler in charge of sealed types: main code asks one for its kind in a switch without a default, or calls
 * a method of it, so that a new subtype shows every place that has to know it. Two {@code instanceof} tests of one
 * value for subtypes of one sealed type in one method are a chain, which the compiler does not complete. A single test
 * asks whether something is so, and is fine.
 *
 * <p>Requests and answers are open, so that each part of the core can have its own. What depends on their class is
 * found in a map by class, and a chain over them is refused like one over a sealed type.
 */
class SealedDispatchTest {
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    /** The types that are open and dispatched by a map all the same. */
    private static final List<String> OPEN_TYPES = List.of("Request", "Answer");

    @Test
    void noMethodWalksAChainOverASealedType() throws IOException {
        try (StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, null)) {
            List<Path> main = SourceFiles.all().stream()
                    .filter(path -> path.toString().contains("/src/main/"))
                    .toList();

            assertThat(chains(files.getJavaFileObjectsFromPaths(main))).isEmpty();
        }
    }

    @Test
    void aChainIsFound() throws IOException {
        String source = """
                interface Shapes {
                    sealed interface Shape { record Circle() implements Shape {} record Square() implements Shape {} }
                    static int corners(Shape shape) {
                        if (shape instanceof Shape.Circle) { return 0; }
                        return shape instanceof Shape.Square ? 4 : 0;
                    }
                    static boolean isRound(Shape shape) { return shape instanceof Shape.Circle; }
                }
                """;

        assertThat(chains(List.of(inMemory(source)))).singleElement().asString().contains("corners", "Shape");
    }

    @Test
    void aChainOverRequestsIsFound() throws IOException {
        String source = """
                interface Shapes {
                    record Join(int nodeId) implements Request<Joined> {}
                    record Leave(int nodeId) implements Request<Left> {}
                    static boolean ofAGroup(Request<?> request) {
                        return request instanceof Join || request instanceof Leave;
                    }
                }
                """;

        assertThat(chains(List.of(inMemory(source)))).singleElement().asString().contains("ofAGroup", "Request");
    }

    private static JavaFileObject inMemory(String source) {
        return new SimpleJavaFileObject(URI.create("string:///Shapes.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }

    private static List<String> chains(Iterable<? extends JavaFileObject> sources) throws IOException {
        JavacTask task = (JavacTask) COMPILER.getTask(null, null, null, null, null, sources);
        List<CompilationUnitTree> units = new ArrayList<>();
        task.parse().forEach(units::add);
        Map<String, String> sealedTypeOf = new HashMap<>();
        units.forEach(unit -> collectSubtypes(unit, sealedTypes(units), sealedTypeOf));

        List<String> chains = new ArrayList<>();
        for (CompilationUnitTree unit : units) {
            new TreePathScanner<Void, Void>() {
                @Override
                public Void visitMethod(MethodTree method, Void unused) {
                    tests(method, sealedTypeOf).forEach((parent, count) -> {
                        if (count > 1) {
                            chains.add(unit.getSourceFile().getName() + ": " + method.getName() + " tests " + count
                                    + " times for subtypes of " + parent);
                        }
                    });
                    return super.visitMethod(method, unused);
                }
            }.scan(unit, null);
        }
        return chains;
    }

    private static List<String> sealedTypes(List<CompilationUnitTree> units) {
        List<String> names = new ArrayList<>(OPEN_TYPES);
        for (CompilationUnitTree unit : units) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitClass(ClassTree type, Void unused) {
                    if (type.getModifiers().getFlags().contains(Modifier.SEALED)) {
                        names.add(type.getSimpleName().toString());
                    }
                    return super.visitClass(type, unused);
                }
            }.scan(unit, null);
        }
        return names;
    }

    private static void collectSubtypes(
            CompilationUnitTree unit, List<String> sealedTypes, Map<String, String> sealedTypeOf) {
        new TreeScanner<Void, String>() {
            @Override
            public Void visitClass(ClassTree type, String outer) {
                String name = type.getSimpleName().toString();
                for (Tree supertype : type.getImplementsClause()) {
                    String parent = lastName(supertype);
                    if (sealedTypes.contains(parent)) {
                        sealedTypeOf.put(outer.isEmpty() ? name : outer + "." + name, parent);
                        sealedTypeOf.putIfAbsent(name, parent);
                    }
                }
                return super.visitClass(type, name);
            }
        }.scan(unit, "");
    }

    /** How often a method tests for subtypes of each sealed type. */
    private static Map<String, Integer> tests(MethodTree method, Map<String, String> sealedTypeOf) {
        Map<String, Integer> tests = new LinkedHashMap<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitInstanceOf(InstanceOfTree test, Void unused) {
                Tree type = test.getPattern() instanceof com.sun.source.tree.BindingPatternTree binding
                        ? binding.getVariable().getType()
                        : test.getType();
                String parent = sealedTypeOf.get(type.toString());
                if (parent != null) {
                    tests.merge(test.getExpression() + ", a " + parent, 1, Integer::sum);
                }
                return super.visitInstanceOf(test, unused);
            }

            @Override
            public Void visitClass(ClassTree inner, Void unused) {
                return null; // its methods are visited by themselves
            }
        }.scan(method, null);
        return tests;
    }

    private static String lastName(Tree type) {
        String name = type.toString().replaceAll("<.*", "");
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
