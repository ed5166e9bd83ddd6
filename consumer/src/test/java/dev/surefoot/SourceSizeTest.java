package dev.surefoot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Keeps the sources of all modules readable: a file holds one concept, a method fits a screen, and a line fits beside
 * another file. Divide such a file, method or line; do not raise the bound.
 */
class SourceSizeTest {

    private static final int MAIN_FILE_LINES_MAX = 400;
    private static final int TEST_FILE_LINES_MAX = 500;
    private static final int METHOD_LINES_MAX = 60;
    private static final int COLUMNS_MAX = 120;

    @Test
    void noFileIsTooLongToReadInOneGo() throws IOException {
        List<String> longMainFiles = new ArrayList<>();
        List<String> longTestFiles = new ArrayList<>();
        for (Path source : SourceFiles.all()) {
            int lines = Files.readAllLines(source).size();
            boolean isTest = source.toString().contains("/src/test/java/");
            if (lines > (isTest ? TEST_FILE_LINES_MAX : MAIN_FILE_LINES_MAX)) {
                (isTest ? longTestFiles : longMainFiles).add(source + ": " + lines + " lines");
            }
        }

        assertThat(longMainFiles)
                .as("main files of more than %d lines", MAIN_FILE_LINES_MAX)
                .isEmpty();
        assertThat(longTestFiles)
                .as("test files of more than %d lines", TEST_FILE_LINES_MAX)
                .isEmpty();
    }

    @Test
    void noLineIsTooWide() throws IOException {
        List<String> tooWide = new ArrayList<>();
        for (Path source : SourceFiles.all()) {
            List<String> lines = Files.readAllLines(source);
            for (int i = 0; i < lines.size(); i++) {
                int columns = lines.get(i).codePointCount(0, lines.get(i).length());
                if (columns > COLUMNS_MAX) {
                    tooWide.add(source + ":" + (i + 1) + ": " + columns + " columns");
                }
            }
        }

        assertThat(tooWide)
                .as("lines of more than %d columns, comments included", COLUMNS_MAX)
                .isEmpty();
    }

    @Test
    void everyMethodFitsAScreen() throws IOException {
        List<String> tooLong = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, null, null, files.getJavaFileObjectsFromPaths(SourceFiles.all()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new TreePathScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void unused) {
                        LineMap lines = unit.getLineMap();
                        long length = lines.getLineNumber(positions.getEndPosition(unit, method))
                                - lines.getLineNumber(positions.getStartPosition(unit, method))
                                + 1;
                        if (length > METHOD_LINES_MAX) {
                            tooLong.add(unit.getSourceFile().getName() + ": " + method.getName() + " has " + length
                                    + " lines");
                        }
                        return super.visitMethod(method, unused);
                    }
                }.scan(unit, null);
            }
        }

        assertThat(tooLong)
                .as("methods of more than %d lines", METHOD_LINES_MAX)
                .isEmpty();
    }
}
