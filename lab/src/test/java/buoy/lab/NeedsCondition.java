package buoy.lab;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides for {@link Needs}. */
final class NeedsCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> missing =
                findAnnotation(context.getElement(), Needs.class)
                        .map(NeedsCondition::missing)
                        .orElse(List.of());
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("root and programs are there");
        }
        String reason =
                "%s needs %s".formatted(context.getDisplayName(), String.join(", ", missing));
        if (System.getenv("BUOY_NO_SKIPS") != null) {
            throw new LabFailed(reason + ", and BUOY_NO_SKIPS forbids to skip it");
        }
        System.out.println("skipped: " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }

    private static List<String> missing(Needs needs) {
        List<String> missing = new ArrayList<>(Requirements.missing(needs.value()));
        if (needs.buoy() && !BuoyDaemon.isBuilt()) {
            missing.add("a built Buoy at " + BuoyDaemon.program());
        }
        return missing;
    }
}
