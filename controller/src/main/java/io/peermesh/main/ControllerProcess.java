package io.peermesh.main;

import io.peermesh.admin.Administration;
import io.peermesh.admin.Machine;
import io.peermesh.admin.Outcome;
import io.peermesh.admin.Pause;
import io.peermesh.admin.Settings;
import io.peermesh.cli.ControllerOptions;
import io.peermesh.http.HttpsFetchTransport;
import io.peermesh.http.RestApi;
import io.peermesh.http.server.HttpServer;
import io.peermesh.http.server.InstalledCertificate;
import io.peermesh.http.server.Limits;
import io.peermesh.http.server.RestartWindow;
import io.peermesh.ip.IpAddress;
import io.peermesh.linux.OsException;
import io.peermesh.linux.Switches;
import io.peermesh.runtime.MeshOptions;
import io.peermesh.runtime.MeshRuntime;
import io.peermesh.store.Store;
import io.peermesh.store.StoreException;
import io.peermesh.web.WebUi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Security;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running controller: opens the state, starts the mesh, then the API; on SIGTERM or SIGINT
 * takes it all down in the other order. This is where the parts are put together.
 */
public final class ControllerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerProcess.class);
    private static final int OK = 0;
    private static final int FAILED = 1;

    private final ControllerOptions options;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile int exitCode = OK;

    private ControllerProcess(ControllerOptions options) {
        this.options = options;
    }

    /** Runs until the process is told to stop; returns its exit code. */
    public static int run(ControllerOptions options) {
        return new ControllerProcess(options).run();
    }

    private int run() {
        // Peers' names may change: the resolver decides how long an answer is kept, not the JVM.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        Thread hook = new Thread(this::stopAndWait, "peermesh-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            serve();
        } catch (StoreException
                | OsException
                | HttpServer.ListenException
                | IllegalArgumentException
                | IOException e) {
            System.err.println("peermesh controller: " + e.getMessage());
            exitCode = FAILED;
        } finally {
            stopped.countDown();
        }
        return exitCode;
    }

    private void stopAndWait() {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail() {
        exitCode = FAILED;
        stop.countDown();
    }

    private void serve() throws IOException {
        var random = new SecureRandom();
        var clock = InstantSource.system();
        Switches switches = Switches.parse(options.disabledFeatures());
        var reports = new ReportQueue();
        var window = new RestartWindow(System::nanoTime);
        try (var store = Store.open(options.dataDirectory());
                var mesh =
                        new MeshRuntime(
                                meshOptions(switches),
                                random::nextBytes,
                                InetAddress::getAllByName,
                                reports,
                                this::fail);
                var transport = new HttpsFetchTransport();
                var background = Executors.newVirtualThreadPerTaskExecutor()) {
            store.notices().forEach(LOG::warn);
            var administration =
                    new Administration(
                            store,
                            mesh,
                            clock,
                            random,
                            settings(),
                            window,
                            transport,
                            background,
                            Pause.REAL);
            showFirstPassword(administration);
            reports.start(administration::onReport);
            administration.start();
            try (reports;
                    var _ = new RecorderLoop(administration.recorder());
                    var _ = listen(administration, mesh, window, clock, random)) {
                LOG.info(
                        "controller is up; API and UI at https://{}:{}",
                        options.api().getAddress().getHostAddress(),
                        options.api().getPort());
                stop.await();
                LOG.info("stopping: saying goodbye to the peers");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private HttpServer listen(
            Administration administration,
            MeshRuntime mesh,
            RestartWindow window,
            InstantSource clock,
            SecureRandom random) {
        InetSocketAddress address = options.api();
        var certificate =
                new InstalledCertificate(
                        options.dataDirectory(), names(address), clock.instant(), random);
        LOG.info("TLS certificate, SHA-256: {}", certificate.view().fingerprint());
        var machine = new Machine(options.dataDirectory());
        return RestApi.start(
                address,
                certificate,
                Limits.USUAL,
                administration,
                mesh,
                window,
                machine,
                clock,
                random,
                List.of(new WebUi(administration, mesh, machine, certificate, clock, random)));
    }

    private List<String> names(InetSocketAddress address) {
        return List.of(privateAddress(), address.getHostString(), "localhost").stream()
                .distinct()
                .toList();
    }

    private MeshOptions meshOptions(Switches switches) {
        return new MeshOptions(
                options.underlay().orElse(IpAddress.UNSPECIFIED),
                options.clientPort(),
                options.tunName(),
                switches);
    }

    private Settings settings() {
        String address = privateAddress();
        Settings usual = Settings.of(address, controllerName());
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        return new Settings(
                address,
                usual.publicAddress(),
                usual.subnetGateway(),
                host + ":" + options.clientPort(),
                usual.defaultControllerName(),
                options.allowWeakToken(),
                usual.passwordCost(),
                usual.tokenCost());
    }

    private String privateAddress() {
        return options.underlay()
                .or(UnderlayAddress::guess)
                .orElse(IpAddress.literal("127.0.0.1"))
                .toString();
    }

    private static String controllerName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "controller";
        }
    }

    private void showFirstPassword(Administration administration) throws IOException {
        Optional<String> preset = Optional.empty();
        if (options.initialApiPasswordFile().isPresent()) {
            preset = Optional.of(Files.readString(options.initialApiPasswordFile().get()).strip());
        }
        switch (administration.credentials().prepareFirstStart(preset)) {
            case Outcome.Done<Optional<String>>(Optional<String> generated) ->
                    generated.ifPresent(password ->
                            System.out.printf(
                                    "First start. API user \"api\", UI user \"admin\", password: %s%n"
                                            + "It is shown only now; \"peermesh passwd reset\" makes another.%n",
                                    password));
            case Outcome.Refused<Optional<String>>(var problem) ->
                    throw new IllegalArgumentException(
                            "--initial-api-password-file: " + problem.message());
        }
    }
}
