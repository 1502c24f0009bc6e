import { entry } from './entry.ts';

/** What MCP servers do wrong. */
export const SERVERS = {
  SERVER_UNAVAILABLE: entry(
    'The MCP server cannot be reached or started.',
    'Check its entry in custody.yaml and the log of the server.',
    503,
    true,
  ),
  SERVER_PROTOCOL_ERROR: entry(
    'The MCP server sent something that is not the protocol.',
    'Check that the entry in custody.yaml names an MCP server, and its version.',
    502,
  ),
  SERVER_REFUSED: entry(
    'The MCP server answered with a protocol error.',
    'Read its message; check the arguments against the schema of the tool.',
    502,
  ),
  SERVER_ASKS_UNSUPPORTED: entry(
    'The MCP server asked for something that a session does not give.',
    'Use a tool that needs only forms of at most 16 KiB, or have an operator add `mayAsk` to the server; links to ' +
      'open are refused.',
    502,
  ),
  CONNECTION_LOST: entry(
    'The connection to the MCP server broke before the answer came.',
    'See whether the server crashed; the session opens it again by itself.',
    502,
    true,
  ),
  TOOL_TIMEOUT: entry(
    'The tool did not answer within its timeout.',
    'Raise `timeout` of the tool in custody.yaml, or look at why the tool is slow.',
    504,
  ),
  TOOL_CHANGED: entry(
    'The definition of a tool is not the one that the session pinned when it opened the server.',
    'Compare the definitions; accept the new ones with `custody resume --accept-changes`.',
    409,
  ),
  TOO_MANY_TOOLS: entry(
    'The MCP server lists more tools than a session can pin.',
    'Put a server in front of it that offers only the tools the agent needs.',
    502,
  ),
  LEASE_LOST: entry(
    'The connection that holds the state of this MCP server for the session is gone, or the session holds ' +
      'another by now.',
    'Nothing: the session opens the server again, or pauses, as `whenLost` of the server says.',
    503,
    true,
  ),
};
