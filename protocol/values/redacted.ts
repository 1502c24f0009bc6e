/** Stands where a secret stood that was handed to an MCP server. No value with it is handed on. */
export const REDACTED = '[secret left out]';
