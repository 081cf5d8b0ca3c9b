package io.peermesh.runtime;

import io.peermesh.linux.LinuxRoutes;
import io.peermesh.linux.OsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel's routes as configured: compares what it has under our protocol number with what
 * is wanted, and changes the difference; so a start takes up, or clears away, what a killed process
 * has left. Two controllers with a TUN device in one network namespace would take each other's
 * routes away. Control loop only, but for {@link #problems}; without a TUN it changes nothing.
 */
final class KernelRoutes {
    /** An interface may have come, or gone and come, in the meantime. */
    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(KernelRoutes.class);
    private static final String NO_TUN =
            "stored only: this controller runs without a TUN device (--tun none), so it changes no"
                    + " routes of its machine";

    private final Optional<LinuxRoutes> kernel;
    private List<MeshPlan.LocalRoute> wanted = List.of();
    private boolean configured;
    private long nextNanos;
    private volatile Map<Integer, String> problems = Map.of();

    KernelRoutes(Optional<LinuxRoutes> kernel) {
        this.kernel = kernel;
    }

    /** Wants exactly these from now on. */
    void configure(List<MeshPlan.LocalRoute> routes, long nowNanos) {
        if (!configured || !routes.equals(wanted)) {
            configured = true;
            wanted = List.copyOf(routes);
            reconcile(nowNanos);
        }
    }

    /** Tries again what failed, and puts back what the kernel has lost. */
    void onTimer(long nowNanos) {
        if (!wanted.isEmpty() && nowNanos - nextNanos >= 0) {
            reconcile(nowNanos);
        }
    }

    private void reconcile(long nowNanos) {
        nextNanos = nowNanos + RETRY_NANOS;
        var found = new LinkedHashMap<Integer, String>();
        if (kernel.isEmpty()) {
            wanted.forEach(route -> found.put(route.id(), NO_TUN));
        } else {
            try {
                reconcile(kernel.get(), found);
            } catch (OsException e) {
                wanted.forEach(route -> found.put(route.id(), words(e)));
            }
        }
        if (!found.equals(problems)) {
            found.forEach((id, problem) -> LOG.warn("route {}: {}", id, problem));
        }
        problems = Map.copyOf(found);
    }

    private void reconcile(LinuxRoutes to, Map<Integer, String> found) {
        List<LinuxRoutes.Route> present = to.installed();
        for (LinuxRoutes.Route route : present) {
            if (wanted.stream().noneMatch(each -> asked(each).isMetBy(route))) {
                to.remove(route);
            }
        }
        for (MeshPlan.LocalRoute route : wanted) {
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

    /** Takes all of them away. */
    void close() {
        kernel.ifPresent(to -> {
            wanted = List.of();
            reconcile(nextNanos);
            to.close();
        });
    }
}
