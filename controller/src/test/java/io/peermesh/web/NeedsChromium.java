package io.peermesh.web;

import java.nio.file.Files;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips, and says so, where Debian's chromium is not installed. */
final class NeedsChromium implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent() || Files.isExecutable(Chromium.EXECUTABLE)) {
            return ConditionEvaluationResult.enabled("chromium is here");
        }
        String reason =
                "SKIPPED "
                        + context.getDisplayName()
                        + ": "
                        + Chromium.EXECUTABLE
                        + " is missing; install the package chromium";
        System.err.println(reason);
        return ConditionEvaluationResult.disabled(reason);
    }
}
