package io.pratique.testkit;

import io.pratique.flags.FlagClient;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Makes the flags of a test when it first asks for them, and closes them after it. */
final class InjectedFlags implements ParameterResolver, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(InjectedFlags.class);

    InjectedFlags() {}

    /** The flags of a test; JUnit closes them with its context, even where the test's constructor has thrown. */
    static TestFlags of(ExtensionContext test) {
        return test.getStore(NAMESPACE).getOrComputeIfAbsent(TestFlags.class);
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return type == FlagClient.class || type == TestFlags.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        if (test.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("a " + type.getSimpleName() + " belongs to one test, but \""
                    + parameter.getDeclaringExecutable()
                    + "\" is called for all of " + test.getRequiredTestClass().getName()
                    + "; ask for it in the test method or in @BeforeEach");
        }
        TestFlags flags = of(test);
        return type == FlagClient.class ? flags.client() : flags;
    }

    /** Closes before the callbacks of extensions that were registered earlier, and whatever JUnit's settings say. */
    @Override
    public void afterEach(ExtensionContext test) {
        TestFlags flags = test.getStore(NAMESPACE).remove(TestFlags.class, TestFlags.class);
        if (flags != null) {
            flags.close();
        }
    }
}
