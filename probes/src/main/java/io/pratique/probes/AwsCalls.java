package io.pratique.probes;

import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.retries.DefaultRetryStrategy;

/** How a probe calls through an application's client of AWS SDK v2, which stays as it is. */
final class AwsCalls {

    private AwsCalls() {}

    /** Once, and not longer than that. How often to retry is a setting of clients, so a plugin changes it for one call. */
    static Consumer<AwsRequestOverrideConfiguration.Builder> once(Duration timeout) {
        return request -> request.apiCallTimeout(timeout)
                .apiCallAttemptTimeout(timeout)
                .addPlugin(client -> client.overrideConfiguration(client.overrideConfiguration()
                        .copy(settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry()))));
    }

    static boolean isTimeout(Throwable thrown) {
        return thrown instanceof ApiCallTimeoutException || thrown instanceof ApiCallAttemptTimeoutException;
    }
}
