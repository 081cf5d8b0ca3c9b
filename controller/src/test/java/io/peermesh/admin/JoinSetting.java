package io.peermesh.admin;

import static io.peermesh.admin.TestController.ACTOR;
import static io.peermesh.admin.TestController.TOKEN;
import static io.peermesh.admin.TestController.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.peermesh.admin.JoinView.State;
import io.peermesh.node.NodeStatus;
import io.peermesh.node.Report;
import io.peermesh.replication.SharedEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Controllers that join each other's mesh; what links carry is carried over by the test. */
abstract class JoinSetting {
    final Map<String, TestController> network = new HashMap<>();
    final List<TestController> controllers = new ArrayList<>();
    @TempDir Path directory;

    @AfterEach
    void stop() {
        controllers.forEach(TestController::close);
    }

    /** A controller at 10.1.0.NUMBER. */
    TestController controller(int number) {
        var controller =
                new TestController(
                        directory.resolve(Integer.toString(number)), "10.1.0." + number, network);
        controllers.add(controller);
        return controller;
    }

    /** The first of a mesh: a license and a keyset, nothing else. */
    TestController first() {
        TestController first = controller(1);
        first.keyset();
        return first;
    }

    static JoinAdmin.Wish at(TestController source) {
        return new JoinAdmin.Wish(source.address, TOKEN, "", "");
    }

    static JoinView join(TestController joiner, TestController source) {
        return done(joiner.admin.join().start(ACTOR, at(source)));
    }

    static JoinView joined(TestController joiner, TestController source) {
        JoinView view = join(joiner, source);
        assertThat(view.failure()).isEmpty();
        assertThat(view.state()).isEqualTo(State.JOINED);
        return view;
    }

    static KeysetView.Failure failed(TestController joiner, TestController source) {
        JoinView view = join(joiner, source);
        assertThat(view.state()).isEqualTo(State.FAILED);
        return view.failure().orElseThrow();
    }

    static Map<Integer, String> peers(TestController controller) {
        var peers = new HashMap<Integer, String>();
        controller.mesh.plan().peers().forEach((id, peer) -> peers.put(id, peer.host()));
        return peers;
    }

    static int id(TestController controller) {
        return controller.mesh.plan().selfId();
    }

    /** What the links do: all that one knows is reported to the other. */
    static void carryOver(TestController from, TestController to) {
        List<SharedEntry> entries = from.mesh.plan().shared();
        to.admin.onReport(new Report.SharedChanged(entries));
    }

    static void reach(TestController from, Integer... others) {
        from.mesh.status =
                Optional.of(
                        new NodeStatus(
                                0,
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(others).stream()
                                        .map(id -> new NodeStatus.Controller(id, "", "", true))
                                        .toList(),
                                Optional.empty()));
    }
}
