package io.peermesh.kernel;

import io.peermesh.demo.Rig;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a class, and says why, where no rig can be made. It then counts as skipped. */
final class NeedsNamespaces implements ExecutionCondition {
    private static final class Once {
        static final Optional<String> WHY_NOT = Rig.whyNot();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent() || Once.WHY_NOT.isEmpty()) {
            return ConditionEvaluationResult.enabled("namespaces work here");
        }
        String reason = "SKIPPED " + context.getDisplayName() + ": " + Once.WHY_NOT.get();
        System.err.println(reason);
        return ConditionEvaluationResult.disabled(reason);
    }
}
