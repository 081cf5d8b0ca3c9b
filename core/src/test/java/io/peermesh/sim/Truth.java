package io.peermesh.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;

/**
 * The slow, obviously right model of what can be reached: it knows what the world has done to the
 * mesh, and nothing of what the mesh knows of itself.
 */
final class Truth {
    private final SimMesh mesh;

    /** What is true of this mesh, whenever it is asked. */
    Truth(SimMesh mesh) {
        this.mesh = mesh;
    }

    /** Whether two controllers can have a link: both run, want it, and hear each other. */
    boolean areLinked(SimController one, SimController other) {
        return one != other
                && isAlive(one)
                && isAlive(other)
                && one.desired().peers().containsKey(other.id())
                && other.desired().peers().containsKey(one.id())
                && !mesh.net().isCut(one.host(), other.host())
                && !mesh.net().isCut(other.host(), one.host());
    }

    private static boolean isAlive(SimController controller) {
        return controller.isRunning() && !controller.isPaused();
    }

    /** The ids of all controllers that this one can reach, over any number of links. */
    Set<Integer> reachableFrom(SimController start) {
        var seen = new TreeSet<Integer>();
        Deque<SimController> next = new ArrayDeque<>();
        if (isAlive(start)) {
            next.add(start);
        }
        while (!next.isEmpty()) {
            SimController one = next.remove();
            for (SimController other : mesh.controllers()) {
                if (areLinked(one, other) && seen.add(other.id())) {
                    next.add(other);
                }
            }
        }
        seen.remove(start.id());
        return seen;
    }
}
