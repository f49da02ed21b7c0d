package io.pratique.flags;

/** What kept an evaluation from an ordinary answer, in OpenFeature's words. */
public enum ErrorCode {
    /** All sources have answered, and none has the flag. */
    FLAG_NOT_FOUND,
    /** No source holds the flag, and at least one has not answered yet; also if there is no source. */
    PROVIDER_NOT_READY,
    /** A source has a value for the flag that is none of the accepted words. */
    PARSE_ERROR
}
