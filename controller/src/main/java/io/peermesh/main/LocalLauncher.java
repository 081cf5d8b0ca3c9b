package io.peermesh.main;

import io.peermesh.admin.Actor;
import io.peermesh.admin.Administration;
import io.peermesh.admin.LicenseView;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Pause;
import io.peermesh.admin.Settings;
import io.peermesh.cli.ControllerOptions;
import io.peermesh.cli.Launcher;
import io.peermesh.ip.IpAddress;
import io.peermesh.keyset.FetchUnreachableException;
import io.peermesh.node.NodeStatus;
import io.peermesh.runtime.Mesh;
import io.peermesh.runtime.MeshPlan;
import io.peermesh.store.Store;
import io.peermesh.store.StoreException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** Controllers in this process, and changes of their state from a shell on their machine. */
final class LocalLauncher implements Launcher {
    @Override
    public int controller(ControllerOptions options) {
        return ControllerProcess.run(options);
    }

    @Override
    public Result resetPassword(Path dataDirectory) {
        return inState(
                dataDirectory,
                administration ->
                        new Result.Done(
                                "New password of API user \"api\" and of the UI user, shown only"
                                        + " now: "
                                        + administration.credentials().resetLocally()));
    }

    @Override
    public Result repinLicense(Path dataDirectory, String licenseText) {
        return inState(
                dataDirectory,
                administration ->
                        switch (administration.license().repin(Actor.LOCAL, licenseText)) {
                            case Outcome.Done<LicenseView>(LicenseView license) ->
                                    new Result.Done(
                                            "Licenses of issuer "
                                                    + license.issuer()
                                                    + " are accepted from now on.");
                            case Outcome.Refused<LicenseView>(var problem) ->
                                    new Result.Refused(problem.message());
                        });
    }

    private static Result inState(Path dataDirectory, Function<Administration, Result> action) {
        try (Store store = Store.openBeside(dataDirectory)) {
            return action.apply(
                    new Administration(
                            store,
                            new NoMesh(),
                            InstantSource.system(),
                            new SecureRandom(),
                            Settings.of("127.0.0.1", "local"),
                            _ -> {},
                            (host, _, _, _) -> {
                                throw new FetchUnreachableException("not from here: " + host);
                            },
                            Runnable::run,
                            Pause.REAL));
        } catch (StoreException e) {
            return new Result.Refused(String.valueOf(e.getMessage()));
        }
    }

    /** A local action changes the state; the controller that runs beside it has the mesh. */
    private static final class NoMesh implements Mesh {
        @Override
        public void apply(Optional<MeshPlan> plan) {}

        @Override
        public void disconnect(IpAddress client) {}

        @Override
        public Optional<NodeStatus> status() {
            return Optional.empty();
        }
    }
}
