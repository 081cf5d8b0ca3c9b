package io.peermesh.runtime;

import io.peermesh.linux.LinuxRoutes;
import io.peermesh.linux.OsException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel's routes as configured: compares what it has under our protocol number with what
 * is wanted, and changes the difference. Only routes that this controller wants, or wanted before,
 * are touched, so that several controllers can live in one network namespace. What a killed process
 * has left is taken up, or cleared away, by the next start, since the plan knows what it may have
 * set. Control loop only, but for {@link #problems}; without a TUN it changes nothing.
 */
final class KernelRoutes {
    /** An interface may have come, or gone and come, in the meantime. */
    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(KernelRoutes.class);
    private static final String NO_TUN =
            "stored only: this controller runs without a TUN device (--tun none), so it changes no"
                    + " routes of its machine";

    private final Optional<LinuxRoutes> kernel;
    private MeshPlan.LocalRoutes routes = MeshPlan.LocalRoutes.NONE;

    /** Ours until lately, to be removed where they are still there. */
    private List<MeshPlan.LocalRoute> leaving = List.of();

    private long nextNanos;
    private volatile Map<Integer, String> problems = Map.of();

    KernelRoutes(Optional<LinuxRoutes> kernel) {
        this.kernel = kernel;
    }

    /** Wants exactly these from now on. */
    void configure(MeshPlan.LocalRoutes next, long nowNanos) {
        if (!next.equals(routes)) {
            var gone = new LinkedHashSet<>(leaving);
            gone.addAll(routes.wanted());
            gone.addAll(next.former());
            leaving = List.copyOf(gone);
            routes = next;
            reconcile(nowNanos);
        }
    }

    /** Tries again what failed, and puts back what the kernel has lost. */
    void onTimer(long nowNanos) {
        boolean idle = routes.wanted().isEmpty() && leaving.isEmpty();
        if (!idle && nowNanos - nextNanos >= 0) {
            reconcile(nowNanos);
        }
    }

    private void reconcile(long nowNanos) {
        nextNanos = nowNanos + RETRY_NANOS;
        var found = new LinkedHashMap<Integer, String>();
        if (kernel.isEmpty()) {
            leaving = List.of();
            routes.wanted().forEach(route -> found.put(route.id(), NO_TUN));
        } else {
            try {
                reconcile(kernel.get(), found);
            } catch (OsException e) {
                routes.wanted().forEach(route -> found.put(route.id(), words(e)));
            }
        }
        if (!found.equals(problems)) {
            found.forEach((id, problem) -> LOG.warn("route {}: {}", id, problem));
        }
        problems = Map.copyOf(found);
    }

    private void reconcile(LinuxRoutes to, Map<Integer, String> found) {
        List<LinuxRoutes.Route> present = to.installed();
        surplus(present, routes.wanted(), leaving).forEach(to::remove);
        leaving = List.of();
        for (MeshPlan.LocalRoute route : routes.wanted()) {
            LinuxRoutes.Route asked = asked(route);
            if (present.stream().noneMatch(asked::isMetBy)) {
                try {
                    to.add(asked);
                } catch (OsException e) {
                    found.put(route.id(), words(e));
                }
            }
        }
    }

    /** What to remove: what was ours and is not wanted any more; others' is let be. */
    static List<LinuxRoutes.Route> surplus(
            List<LinuxRoutes.Route> present,
            List<MeshPlan.LocalRoute> wanted,
            List<MeshPlan.LocalRoute> formerly) {
        return present.stream()
                .filter(route -> isAskedBy(formerly, route) && !isAskedBy(wanted, route))
                .toList();
    }

    private static boolean isAskedBy(
            List<MeshPlan.LocalRoute> routes, LinuxRoutes.Route installed) {
        return routes.stream().anyMatch(each -> asked(each).isMetBy(installed));
    }

    private static LinuxRoutes.Route asked(MeshPlan.LocalRoute route) {
        return new LinuxRoutes.Route(
                route.prefix(), route.gateway(), route.interfaceName(), route.metric());
    }

    private static String words(OsException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }

    /** Why routes are not in force, by id; any thread. */
    Map<Integer, String> problems() {
        return problems;
    }

    /** Takes all of ours away. */
    void close() {
        configure(MeshPlan.LocalRoutes.NONE, nextNanos);
        kernel.ifPresent(LinuxRoutes::close);
    }
}
