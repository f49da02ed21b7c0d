package com.acme;

import io.pratique.config.ConfigSchema;
import io.pratique.config.ConfigVariable;

/** The schema of somebody's program, which the command has on no class path of its own. */
public final class CoreApiConfig {

    public static final ConfigSchema SCHEMA = ConfigSchema.named("core-api")
            .variable(ConfigVariable.url("DATABASE_URL", "postgresql").required())
            .build();

    private CoreApiConfig() {}
}
