package io.pratique.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each JUnit test flags and a client of its own: parameters of type {@link TestFlags} and {@link
 * io.pratique.flags.FlagClient}, of test methods, {@code @BeforeEach} and {@code @AfterEach} methods, and constructors.
 *
 * <pre>{@code
 * @PratiqueTest
 * class OutboxWorkerTest {
 *
 *     @Test
 *     void restsWhileItsFlagIsOff(FlagClient client, TestFlags flags) {
 *         OutboxWorker worker = new OutboxWorker(client);
 *         flags.off("outbox-processing");
 *         assertFalse(worker.tick());
 *     }
 * }
 * }</pre>
 *
 * <p>All parameters of one test belong together. They are plain objects, made for that test, closed after it and bound to
 * no thread: tests may run in parallel and may use them on threads of their own. A repeated or parameterized test gets
 * new ones for each run. Code that asks the static {@link io.pratique.flags.Flags} needs {@link InstallsFlags} instead.
 */
@SuppressWarnings("exports") // only JUnit has to reach the extension
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(InjectedFlags.class)
public @interface PratiqueTest {}
