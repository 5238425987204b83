package buoy.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that needs root, namespaces and these programs. Where they are missing it is skipped with
 * a message; where the environment has {@code BUOY_NO_SKIPS}, as CI does, that is a failure.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsCondition.class)
@interface Needs {
    /** Programs from the path, besides those of the lab itself. */
    String[] value() default {};

    /** Whether Buoy has to be built already. */
    boolean buoy() default false;
}
