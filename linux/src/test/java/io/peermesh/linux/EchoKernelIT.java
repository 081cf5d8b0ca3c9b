package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel answers our echo. */
@NullMarked
@Timeout(120)
class EchoKernelIT {
    @SuppressWarnings("NullAway.Init") // before each test
    private Namespace namespace;

    @BeforeEach
    void enter() throws Exception {
        namespace = Namespace.create();
    }

    @AfterEach
    void leave() throws Exception {
        namespace.end();
    }

    @Test
    void findsItsOwnAnswersAmongOthers() throws Exception {
        namespace.run(() -> {
            try (var one = new LinuxEcho(IpAddress.literal("127.0.0.1"), 7);
                    var other = new LinuxEcho(IpAddress.literal("127.0.0.1"), 8)) {
                other.send(1);
                one.send(0xabcd);

                int answer = -1;
                for (int i = 0; i < 10 && answer < 0; i++) {
                    answer = one.receive(1000);
                }
                assertThat(answer).isEqualTo(0xabcd);
                assertThat(one.receive(1)).isEqualTo(-1);
            }
        });
    }
}
