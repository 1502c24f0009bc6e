/**
 * The SDK (1.23) takes the stack trace of each promise, for a query that shows where a workflow waits, and has no
 * option not to: about a third of a call's time in a session. What a session waits for stands in its details instead.
 * One frame is left, so that an error still says where it was thrown.
 *
 * Loaded once for each thread of a worker, before the SDK freezes what its workflows share.
 */
Error.stackTraceLimit = 1;
