package io.peermesh.node;

import io.peermesh.clients.OwnershipTable;
import io.peermesh.ip.Endpoint;
import io.peermesh.ip.IpAddress;
import io.peermesh.node.Report.MoveCause;
import io.peermesh.node.TakeOver.Evidence;
import io.peermesh.node.TakeOver.Job;
import io.peermesh.session.Activity;
import java.util.Optional;

/** Tells of clients that are connected here now: where from, why, and how long it took. */
final class Arrivals {
    private final int selfId;
    private final Effects effects;
    private long moved;
    private long takenOver;

    Arrivals(int selfId, Effects effects) {
        this.selfId = selfId;
        this.effects = effects;
    }

    /**
     * A client has proven a session here.
     *
     * @param former its owner until now
     * @param call the call that it answers, if we have called it
     */
    void on(IpAddress client, int former, Endpoint from, Optional<Job> call, long nowNanos) {
        if (former == OwnershipTable.NOBODY || former == selfId) {
            effects.report(new Report.ClientUp(client, from));
            return;
        }
        MoveCause cause = call.flatMap(Job::cause).orElse(MoveCause.CLIENT);
        boolean lost = cause == MoveCause.TAKE_OVER;
        moved++;
        takenOver += lost ? 1 : 0;
        Evidence evidence = call.map(Job::evidence).orElse(Evidence.NONE);
        long decided = call.map(Job::decidedNanos).orElse(nowNanos);
        boolean heard = lost && evidence.heardNanos() != Activity.NEVER;
        long silent = heard ? decided - evidence.heardNanos() : 0;
        effects.report(
                new Report.ClientMoved(
                        client,
                        former,
                        cause,
                        silent,
                        silent,
                        nowNanos - decided,
                        lost ? evidence.sealedSince() : 0));
    }

    /** Clients that came from another controller. */
    long moved() {
        return moved;
    }

    /** Of these, how many had to be taken over. */
    long takenOver() {
        return takenOver;
    }
}
