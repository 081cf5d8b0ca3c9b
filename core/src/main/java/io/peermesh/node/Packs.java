package io.peermesh.node;

import io.peermesh.crypto.PublicKey;
import io.peermesh.crypto.TopologyKeys;
import io.peermesh.crypto.X25519;
import io.peermesh.ip.IpAddress;
import io.peermesh.session.Tunnel;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/** The clientpacks that may connect, found by overlay address, public key and tunnel. */
final class Packs {
    /** Key derivations per turn, about 10 ms: thousands of packs are configured at once. */
    static final int DERIVED_PER_TURN = 50;

    private final TopologyKeys keys;
    private final Map<IpAddress, ClientSession> byAddress = new LinkedHashMap<>();
    private final Map<PublicKey, ClientSession> byKey = new HashMap<>();
    private final Map<Tunnel, ClientSession> byTunnel = new HashMap<>();
    private final Queue<ClientSession> underived = new ArrayDeque<>();

    Packs(TopologyKeys keys) {
        this.keys = keys;
    }

    /** Adds and removes packs; {@code leaving} is told of each before it is removed. */
    void configure(List<Desired.Client> wanted, Clients owner, Consumer<ClientSession> leaving) {
        var wantedByAddress = new LinkedHashMap<IpAddress, Desired.Client>();
        wanted.forEach(client -> wantedByAddress.put(client.overlayAddress(), client));
        for (ClientSession session : List.copyOf(byAddress.values())) {
            if (!session.client.equals(wantedByAddress.get(session.address()))) {
                leaving.accept(session);
                remove(session);
            }
        }
        for (Desired.Client client : wantedByAddress.values()) {
            if (!byAddress.containsKey(client.overlayAddress())) {
                add(new ClientSession(client, owner));
            }
        }
    }

    private void add(ClientSession session) {
        byAddress.put(session.address(), session);
        byTunnel.put(session.tunnel, session);
        underived.add(session);
    }

    private void remove(ClientSession session) {
        byAddress.remove(session.address());
        byTunnel.remove(session.tunnel);
        session.publicKey.ifPresent(byKey::remove);
    }

    /** Derives the public keys of some packs that were added; they are found by them from then. */
    void deriveSome() {
        for (int i = 0; i < DERIVED_PER_TURN && !underived.isEmpty(); i++) {
            ClientSession session = underived.remove();
            if (byAddress.get(session.address()) == session) { // else removed meanwhile
                publicKey(session);
            }
        }
    }

    /** Whether {@link #deriveSome} has more to do. */
    boolean isBehind() {
        return !underived.isEmpty();
    }

    /** The public key of a pack, derived if necessary. */
    PublicKey publicKey(ClientSession session) {
        if (session.publicKey.isEmpty()) {
            int bits = session.address().v4Bits();
            int generation = session.client.packGeneration();
            PublicKey key = X25519.publicKey(keys.clientKey(bits, generation));
            session.publicKey = Optional.of(key);
            byKey.put(key, session);
        }
        return session.publicKey.get();
    }

    Optional<ClientSession> of(PublicKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    Optional<ClientSession> of(Tunnel tunnel) {
        return Optional.ofNullable(byTunnel.get(tunnel));
    }

    Optional<ClientSession> of(IpAddress address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    /** Every pack; a view. */
    Collection<ClientSession> all() {
        return Collections.unmodifiableCollection(byAddress.values());
    }
}
