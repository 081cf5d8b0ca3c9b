package io.peermesh.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.NullMarked;

/**
 * A network namespace of its own that belongs to one thread: unshare(2) moves only the calling
 * thread, and what that thread opens or starts lives in the namespace. It vanishes with the thread;
 * nothing has a name, nothing can be left over.
 */
@NullMarked
final class Namespace {
    private static final int CLONE_NEWNET = 0x40000000;

    private final LinkedBlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> threadId = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean ended;

    /** What is done inside. */
    interface Step {
        void run() throws Exception;
    }

    private Namespace() {
        thread = Thread.ofPlatform().name("namespace").start(this::loop);
    }

    /** A new one with its loopback up; the test is skipped where that is forbidden. */
    static Namespace create() throws Exception {
        var namespace = new Namespace();
        try {
            namespace.threadId.get();
        } catch (ExecutionException e) {
            assumeTrue(
                    false,
                    "skipped: this host does not let us make a network namespace (needs root): "
                            + e.getCause());
        }
        namespace.run(() -> command("ip", "link", "set", "lo", "up"));
        return namespace;
    }

    private void loop() {
        try {
            int result = call("unshare", CLONE_NEWNET);
            if (result != 0) {
                throw new IllegalStateException("unshare(CLONE_NEWNET) failed");
            }
            threadId.complete(call("gettid", 0));
        } catch (Throwable e) {
            threadId.completeExceptionally(e);
            return;
        }
        try {
            while (!ended) {
                steps.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int call(String function, int argument) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle handle =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow(function),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        return (int) handle.invokeExact(argument);
    }

    /** Runs a step inside and waits for it. */
    void run(Step step) throws Exception {
        var done = new CompletableFuture<Boolean>();
        steps.add(() -> {
            try {
                step.run();
                done.complete(true);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Error error -> throw error;
                case Exception exception -> throw exception;
                case null, default -> throw e;
            }
        }
    }

    /** The number by which ip(8) finds this namespace: {@code ip link set X netns N}. */
    int number() throws Exception {
        return threadId.get();
    }

    /** Runs a program in the calling thread's namespace; it must succeed. */
    static String command(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", String.join(" ", words), output).isZero();
        return output;
    }

    /** Ends the thread, and with it the namespace. */
    void end() throws InterruptedException {
        steps.add(() -> ended = true);
        thread.join();
    }
}
