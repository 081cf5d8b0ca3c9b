package io.peermesh.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.api.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Versions stand in two places. */
class ProductTest {
    @Test
    void isTheVersionOfTheBuild() throws IOException {
        assertThat(Files.readString(Path.of("../pom.xml")))
                .contains("<version>" + Product.VERSION + "-SNAPSHOT</version>");
    }
}
