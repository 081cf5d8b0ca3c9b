package io.peermesh.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static final int PACKETS = 300_000;

    @Test
    void thePacketPathMakesNoGarbage() throws ReflectiveOperationException, java.io.IOException {
        URL[] places = {
            Forwarder.class.getProtectionDomain().getCodeSource().getLocation(),
            AllocationProbe.class.getProtectionDomain().getCodeSource().getLocation()
        };
        try (var loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
            loader.setDefaultAssertionStatus(false);
            var probe =
                    (LongSupplier)
                            loader.loadClass(AllocationProbe.class.getName())
                                    .getDeclaredConstructor()
                                    .newInstance();

            long bytes = probe.getAsLong();

            assertThat(bytes / (double) PACKETS).as("bytes of garbage per packet").isLessThan(0.1);
        }
    }
}
