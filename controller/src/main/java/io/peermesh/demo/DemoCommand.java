package io.peermesh.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code peermesh demo}: a whole mesh on this machine, in namespaces of its own. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts three controllers and two stock WireGuard clients in network namespaces of"
                    + " their own, peers them through the REST API, moves data, and cleans up.",
            "Works as root, and without root where the system allows user namespaces."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int NOT_POSSIBLE_HERE = 3;

    @Option(names = "--keep", description = "Leave it running until Ctrl-C, and say how to log in.")
    private boolean keep;

    @Option(names = "--no-install", description = "Never install missing packages.")
    private boolean noInstall;

    @Option(names = "--json", description = "Print the result as JSON; progress goes to stderr.")
    private boolean json;

    @Spec private CommandSpec spec;

    /** Made by picocli, which fills the options. */
    @SuppressWarnings("NullAway.Init") // picocli sets spec before call
    public DemoCommand() {}

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        List<String> missing = provideTools(err);
        if (!missing.isEmpty()) {
            missing.forEach(err::println);
            return NOT_POSSIBLE_HERE;
        }
        try (Rig rig = Rig.open()) {
            return run(rig);
        } catch (RigException e) {
            err.println("peermesh demo: " + e.getMessage());
            return FAILED;
        }
    }

    private int run(Rig rig) {
        PrintWriter out = spec.commandLine().getOut();
        var progress = new Progress(json ? spec.commandLine().getErr() : out);
        var demo = new Demonstration(rig, progress);
        Demonstration.Result result = demo.run();
        if (json) {
            out.println(
                    new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result));
        } else {
            out.print(result.table());
        }
        out.flush();
        if (keep) {
            (json ? spec.commandLine().getErr() : out).print(demo.howToLogIn());
            spec.commandLine().getErr().flush();
            out.flush();
            waitForEver();
        }
        return result.ok() ? OK : FAILED;
    }

    /** Installs what is missing when it may; returns what still stands in the way, in words. */
    private List<String> provideTools(PrintWriter err) {
        var packages = new TreeSet<>(Tools.missing(Tools.NAMESPACES));
        packages.addAll(Tools.missing(Tools.CLIENTS));
        var problems = new ArrayList<String>();
        if (!Tools.hasTun()) {
            problems.add(
                    "peermesh demo: /dev/net/tun is missing or not writable: run 'modprobe tun' as root");
        }
        if (packages.isEmpty()) {
            return problems;
        }
        String list = String.join(" ", packages);
        if (noInstall || !System.getProperty("user.name", "").equals("root")) {
            problems.add("peermesh demo: not installed: " + list);
            problems.add("peermesh demo: as root, run: apt-get install " + list);
            return problems;
        }
        err.println("Installing " + list);
        err.flush();
        Output output = Tools.install(List.copyOf(packages));
        if (!output.ok()) {
            problems.add("peermesh demo: installing failed: " + output.text().strip());
        }
        return problems;
    }

    private static void waitForEver() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
