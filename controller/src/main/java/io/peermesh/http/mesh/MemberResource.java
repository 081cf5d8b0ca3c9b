package io.peermesh.http.mesh;

import io.peermesh.admin.DrainAdmin;
import io.peermesh.admin.MemberAdmin;
import io.peermesh.admin.Resilience;
import io.peermesh.api.ControllerSettings;
import io.peermesh.api.Drain;
import io.peermesh.api.NMinusOne;
import io.peermesh.clients.FailureAnalysis.Consequence;
import io.peermesh.clients.FailureAnalysis.Failure;
import io.peermesh.clients.FailureAnalysis.Pair;
import io.peermesh.http.server.Answer;
import io.peermesh.http.server.BadArgument;
import io.peermesh.http.server.Parameters;
import io.peermesh.http.server.Request;
import io.peermesh.http.server.Resource;
import io.peermesh.http.server.RouteTable;
import io.peermesh.liveness.ProbeProfile;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** This controller as a member of the mesh: its settings, its drain, what its loss would mean. */
public final class MemberResource implements Resource {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final MemberAdmin member;
    private final DrainAdmin drain;
    private final Resilience resilience;

    /** Over these use cases. */
    public MemberResource(MemberAdmin member, DrainAdmin drain, Resilience resilience) {
        this.member = member;
        this.drain = drain;
        this.resilience = resilience;
    }

    @Override
    public void addTo(RouteTable routes) {
        String settings = "/api/mesh/v1/controller-settings";
        routes.add("GET", settings, _ -> Answer.ok(settings(member.view())));
        routes.add("PUT", settings, this::change);
        routes.add("GET", "/api/mesh/v1/drain", _ -> Answer.ok(drain(drain.view())));
        routes.add("PUT", "/api/mesh/v1/drain", this::drain);
        routes.add(
                "GET",
                "/api/mesh/v1/n-1",
                _ -> Answer.of(resilience.nMinusOne(), MemberResource::nMinusOne));
    }

    private Answer change(Request request) {
        Parameters given = request.parameters();
        var change =
                new MemberAdmin.Change(
                        given.number("weight"),
                        given.number("moves_per_minute"),
                        given.textOrNotSet("probes"));
        return Answer.of(member.change(request.actor(), change), MemberResource::settings);
    }

    private static ControllerSettings settings(MemberAdmin.View view) {
        return new ControllerSettings(
                view.weight(),
                view.movesPerMinute(),
                label(view.probes()),
                Stream.of(ProbeProfile.values())
                        .map(profile ->
                                new ControllerSettings.ProbeProfile(
                                        label(profile),
                                        profile.intervalNanos() / NANOS_PER_MILLI,
                                        profile.detectionNanos() / NANOS_PER_MILLI,
                                        profile.bytesPerMonth()))
                        .toList());
    }

    private static String label(ProbeProfile profile) {
        return profile.name().toLowerCase(Locale.ROOT);
    }

    private Answer drain(Request request) {
        Parameters given = request.parameters();
        boolean draining =
                given.flag("draining")
                        .orElseThrow(() -> new BadArgument("draining is missing: true or false"));
        boolean force = given.flag("force").orElse(false);
        return Answer.of(drain.set(request.actor(), draining, force), MemberResource::drain);
    }

    static Drain drain(DrainAdmin.View view) {
        return new Drain(
                view.draining(),
                view.clientsLeft(),
                view.stranded(),
                pairs(view.transit()),
                view.safeToStop(),
                view.obstacle());
    }

    private static List<List<Integer>> pairs(List<Pair> pairs) {
        return pairs.stream().map(pair -> List.of(pair.low(), pair.high())).toList();
    }

    private static NMinusOne nMinusOne(List<Consequence> consequences) {
        return new NMinusOne(
                consequences.stream().allMatch(Consequence::isHarmless),
                consequences.stream().map(MemberResource::failure).toList());
    }

    private static NMinusOne.Failure failure(Consequence consequence) {
        Failure failure = consequence.failure();
        return new NMinusOne.Failure(
                switch (failure) {
                    case Failure.OfController _ -> "controller";
                    case Failure.OfLink _ -> "link";
                },
                switch (failure) {
                    case Failure.OfController(int id) -> List.of(id);
                    case Failure.OfLink(int low, int high) -> List.of(low, high);
                },
                consequence.moved(),
                consequence.moves(),
                consequence.stranded(),
                pairs(consequence.cutOff()),
                consequence.loadAfter(),
                consequence.isHarmless());
    }
}
