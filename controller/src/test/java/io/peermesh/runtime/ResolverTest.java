package io.peermesh.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.ip.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ResolverTest {
    private static final IpAddress V4 = IpAddress.literal("192.0.2.1");
    private static final IpAddress V6 = IpAddress.literal("2001:db8::1");

    private static InetAddress[] both() throws UnknownHostException {
        return new InetAddress[] {
            InetAddress.getByAddress(V6.toBytes()), InetAddress.getByAddress(V4.toBytes())
        };
    }

    @Test
    void takesALiteralAsItIs() {
        var resolver = new Resolver(host -> new InetAddress[0], false, () -> {});

        assertThat(resolver.address("192.0.2.1")).contains(V4);
        assertThat(resolver.address("2001:db8::1")).contains(V6);
        assertThat(resolver.address("peer.example")).isEmpty();
    }

    @Test
    void prefersTheFamilyOfTheUnderlay() throws InterruptedException {
        for (boolean preferV6 : new boolean[] {false, true}) {
            var done = new CountDownLatch(1);
            var resolver = new Resolver(host -> both(), preferV6, done::countDown);

            resolver.refresh("peer.example", 0);

            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(resolver.address("peer.example")).contains(preferV6 ? V6 : V4);
        }
    }

    @Test
    void asksNotAgainBeforeTheRetryTimeAndForgetsWhatIsNotWanted() throws InterruptedException {
        var asked = new AtomicInteger();
        var done = new CountDownLatch(1);
        var resolver =
                new Resolver(
                        host -> {
                            asked.incrementAndGet();
                            return both();
                        },
                        false,
                        done::countDown);

        resolver.refresh("peer.example", 0);
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        resolver.refresh("peer.example", Resolver.RETRY_NANOS - 1);
        resolver.retain(Set.of());

        assertThat(asked).hasValue(1);
        assertThat(resolver.address("peer.example")).isEmpty();
    }
}
