package io.pratique.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Makes the test's client the one behind the static {@link io.pratique.flags.Flags}, for tests of code that asks there.
 * All that {@link PratiqueTest} gives is given here too.
 *
 * <pre>{@code
 * @InstallsFlags
 * class OldReportTest {
 *
 *     @Test
 *     void isNotSentWhileItsFlagIsOff(TestFlags flags) {
 *         flags.off("old-report");
 *         assertFalse(OldReport.send());     // asks Flags.isEnabled("old-report")
 *     }
 * }
 * }</pre>
 *
 * <p>There is one {@code Flags} in a JVM, so these tests hold the JUnit resource lock {@value #LOCK}: they never run
 * beside each other, however parallel the others run. Without parameters the flags are installed too, all absent. After
 * the test every flag has its default again, and the next client can be installed.
 *
 * <p>A test fails with {@link IllegalStateException} if the application has installed a client that is still alive.
 */
@SuppressWarnings("exports") // only JUnit has to reach the extension
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@PratiqueTest
@ExtendWith(InstalledFlags.class)
@ResourceLock(InstallsFlags.LOCK)
public @interface InstallsFlags {

    /** The resource lock, for other tests that must not run beside these. */
    String LOCK = "io.pratique.flags.Flags";
}
