package io.pratique.testkit;

import io.pratique.flags.Flags;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Installs the flags of a test. They are closed by {@link InjectedFlags}, whose callback runs after this one's. */
final class InstalledFlags implements BeforeEachCallback, AfterEachCallback {

    InstalledFlags() {}

    @Override
    public void beforeEach(ExtensionContext test) {
        Flags.install(InjectedFlags.of(test).client());
    }

    /** The closed client stays installed until the next one comes: it should answer defaults, not this test's flags. */
    @Override
    public void afterEach(ExtensionContext test) {
        TestFlags flags = InjectedFlags.of(test);
        if (!flags.client().isClosed()) {
            flags.clearAll();
        }
    }
}
