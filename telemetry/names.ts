/**
 * Names of the semantic conventions of OpenTelemetry for generative AI and MCP, as of one revision: none of them is
 * stable yet. What stands here is all that goes out, beside the resource.
 */
export const CONVENTIONS =
  'https://github.com/open-telemetry/semantic-conventions-genai/tree/0393513c908bf895e7b3ec480a2c1eb073c584af';

/** Attributes of the conventions. */
export const ATTRIBUTES = {
  method: 'mcp.method.name',
  protocolVersion: 'mcp.protocol.version',
  protocolSession: 'mcp.session.id',
  operation: 'gen_ai.operation.name',
  conversation: 'gen_ai.conversation.id',
  tool: 'gen_ai.tool.name',
  prompt: 'gen_ai.prompt.name',
  errorType: 'error.type',
  rpcStatus: 'rpc.response.status_code',
  transport: 'network.transport',
  protocol: 'network.protocol.name',
  address: 'server.address',
  port: 'server.port',
} as const;

/** Attributes that Custody adds. */
export const OWN = {
  server: 'custody.server',
  callId: 'custody.call.id',
  attempt: 'custody.attempt',
  record: 'custody.record',
  effect: 'custody.effect',
  outcome: 'custody.outcome',
  verdict: 'custody.decision.verdict',
  rules: 'custody.decision.rules',
  mode: 'custody.decision.mode',
  cost: 'custody.cost.micro_usd',
  compensates: 'custody.compensates',
  state: 'custody.session.state',
  pending: 'custody.pending',
} as const;

/** Attributes of the stable conventions for HTTP. */
export const HTTP = {
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
} as const;

/** Instruments: those that do not begin with `custody` are of the conventions. */
export const INSTRUMENTS = {
  duration: 'mcp.client.operation.duration',
  attempts: 'custody.attempts',
  decisions: 'custody.decisions',
  cost: 'custody.cost.micro_usd',
  sessions: 'custody.sessions',
  pending: 'custody.sessions.pending',
  requests: 'http.server.request.duration',
  refused: 'custody.gateway.logins.refused',
  open: 'custody.gateway.requests.open',
  streams: 'custody.gateway.streams.open',
} as const;

/** Seconds, as the conventions want the buckets of durations. */
export const BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/** `error.type` of a tool that says that it failed, and of what the conventions have no word for. */
export const TOOL_ERROR = 'tool_error';
export const OTHER = '_OTHER';

/** The media type of Prometheus' form. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
