package io.peermesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.ip.IpAddress;
import io.peermesh.ip.Prefix;
import io.peermesh.replication.SharedEntry;
import io.peermesh.replication.SharedMap;
import io.peermesh.routing.LinkStateDatabase;
import io.peermesh.wire.ControlCodec;
import io.peermesh.wire.ControlMessage.Segment;
import io.peermesh.wire.ControlMessage.Stream;
import io.peermesh.wire.Payload;
import io.peermesh.wire.Payload.Advertisement;
import io.peermesh.wire.Payload.Load;
import io.peermesh.wire.Payload.Ownerships;
import io.peermesh.wire.Payload.SharedFields;
import io.peermesh.wire.Tai64n;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final Databases databases =
            new Databases(
                    new LinkStateDatabase(1, 5),
                    new OwnershipTable(1, Prefix.literal("10.0.0.0/8")),
                    new SharedMap());
    private final Backlog backlog = new Backlog();

    @Test
    void tellsEverythingInMessagesThatFitLinksFirst() {
        fill(100, 40);
        backlog.addAll(databases);

        List<Payload> told = drain();

        assertThat(told.getFirst()).isInstanceOf(Advertisement.class);
        assertThat(told.stream().filter(p -> p instanceof Ownerships)).hasSize(7);
        assertThat(clientsIn(told)).isEqualTo(100);
        assertThat(fieldsIn(told)).isEqualTo(40);
        for (Payload payload : told) {
            var message = new Stream(1, 2, 3, 4, Optional.of(new Segment(5, payload)));
            assertThat(ControlCodec.encode(message).length)
                    .isLessThanOrEqualTo(ControlCodec.MAX_BYTES);
        }
    }

    @Test
    void manyChangesOfOneThingAreToldOnceAsTheyAreInTheEnd() {
        IpAddress client = IpAddress.literal("10.0.0.1");
        for (int i = 1; i <= 50; i++) {
            databases.ownership().claim(client, Optional.empty(), Tai64n.NONE, i);
            backlog.addClient(client);
        }

        List<Payload> told = drain();

        assertThat(told).hasSize(1);
        assertThat(((Ownerships) told.getFirst()).records().getFirst().epoch()).isEqualTo(50);
    }

    @Test
    void doesNotTellWhatThePeerHasMeanwhile() {
        fill(1, 1);
        backlog.addAll(databases);
        backlog.remove(new LinkStateDatabase.Key(1, 0));
        backlog.removeClient(IpAddress.literal("10.0.0.0"));
        backlog.removeField("key 0");

        assertThat(drain()).isEmpty();
    }

    @Test
    void skipsWhatIsNoMoreInTheDatabases() {
        backlog.add(new LinkStateDatabase.Key(9, 0));

        assertThat(backlog.next(databases)).isEmpty();
    }

    @Test
    void whatOthersToldIsPassedOnLaterInFewMessagesUnlessThePeerHasIt() {
        fill(30, 0);
        drain();
        for (int i = 0; i < 30; i++) {
            backlog.addRelayed(IpAddress.v4(0x0a000000 + i));
            backlog.release(10, i % 10);
            assertThat(drain()).isEmpty();
        }
        assertThat(backlog.deadlineNanos()).isEqualTo(10);
        for (int i = 0; i < 16; i++) {
            backlog.removeClient(IpAddress.v4(0x0a000000 + i)); // the peer has told it
        }

        backlog.release(10, 10);

        assertThat(drain()).hasSize(1).allMatch(one -> clientsIn(List.of(one)) == 14);
        assertThat(backlog.deadlineNanos()).isEqualTo(Deadlines.NONE);
    }

    @Test
    void whatIsOurOwnNewsDoesNotWait() {
        fill(1, 0);
        drain();
        IpAddress client = IpAddress.literal("10.0.0.0");
        backlog.addRelayed(client);
        backlog.addClient(client);
        backlog.addRelayed(client);

        assertThat(drain()).hasSize(1);
        backlog.release(10, 100);
        backlog.release(10, 200);
        assertThat(drain()).as("told already").isEmpty();
    }

    private void fill(int clients, int fields) {
        databases.linkState().advertise(own());
        for (int i = 0; i < clients; i++) {
            databases
                    .ownership()
                    .claim(IpAddress.v4(0x0a000000 + i), Optional.empty(), Tai64n.NONE, 1);
        }
        for (int i = 0; i < fields; i++) {
            databases.shared().merge(new SharedEntry("key " + i, "v".repeat(i * 12), 1, 1));
        }
    }

    private static LinkStateDatabase.Own own() {
        return new LinkStateDatabase.Own("00".repeat(20), "", Load.NONE, Map.of(), List.of());
    }

    private List<Payload> drain() {
        var told = new ArrayList<Payload>();
        for (var next = backlog.next(databases); next.isPresent(); next = backlog.next(databases)) {
            told.add(next.get());
        }
        return told;
    }

    private static int clientsIn(List<Payload> told) {
        return told.stream()
                .mapToInt(p -> p instanceof Ownerships some ? some.records().size() : 0)
                .sum();
    }

    private static int fieldsIn(List<Payload> told) {
        return told.stream()
                .mapToInt(p -> p instanceof SharedFields some ? some.fields().size() : 0)
                .sum();
    }
}
