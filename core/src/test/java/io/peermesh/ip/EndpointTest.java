package io.peermesh.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:51820", "[2001:db8::1]:1195", "[::]:1", "0.0.0.0:65535"})
    void readsAndWrites(String text) {
        assertThat(Endpoint.parse(text)).isPresent();
        assertThat(Endpoint.parse(text).orElseThrow()).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "192.0.2.1",
                "192.0.2.1:",
                ":51820",
                "192.0.2.1:0",
                "192.0.2.1:65536",
                "192.0.2.1:-1",
                "192.0.2.1:123456",
                "192.0.2.1:80:80",
                "[192.0.2.1]:80",
                "2001:db8::1:80",
                "::1:80",
                "[2001:db8::1]",
                "[2001:db8::1]:",
                "[2001:db8::1:80",
                "2001:db8::1]:80",
                "[[::1]]:80",
                "host.example:80"
            })
    void refusesMalformedEndpoints(String text) {
        assertThat(Endpoint.parse(text)).isEmpty();
    }

    @Test
    void refusesPortsOutOfRange() {
        assertThatThrownBy(() -> new Endpoint(IpAddress.v4(1), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Endpoint(IpAddress.v4(1), 65536))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
