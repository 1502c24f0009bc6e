/**
 * The server scenarios of MCP's conformance suite. `custody serve` is put to all of them; `custody mcp`, a stdio server
 * behind a bridge of the tests' own to the URL that the suite needs, to those that such a bridge carries.
 * docs/gateway.md has the same in words.
 */

/** Revisions that the suite can speak to a server of both generations. */
export const REVISIONS = ['2025-11-25', '2026-07-28'] as const;

/** What must pass over stdio, under each revision that the suite has it for. */
export const PASSES: readonly string[] = [
  'server-initialize',
  'ping',
  'completion-complete',
  'tools-list',
  'tools-call-simple-text',
  'tools-call-image',
  'tools-call-audio',
  'tools-call-embedded-resource',
  'tools-call-mixed-content',
  'tools-call-error',
  'json-schema-2020-12',
  'resources-list',
  'resources-read-text',
  'resources-read-binary',
  'resources-templates-read',
  'sep-2164-resource-not-found',
  'prompts-list',
  'prompts-get-simple',
  'prompts-get-with-args',
  'prompts-get-embedded-resource',
  'prompts-get-with-image',
  'caching',
  'tools-call-with-progress',
  'tools-call-with-logging',
  'logging-set-level',
  'resources-subscribe',
  'resources-unsubscribe',
];

/** Those that the suite has for one of the two revisions alone. */
export const ONLY: { readonly [name: string]: (typeof REVISIONS)[number] } = {
  'server-initialize': '2025-11-25',
  ping: '2025-11-25',
  'sep-2164-resource-not-found': '2026-07-28',
  caching: '2026-07-28',
  'tools-call-with-logging': '2025-11-25',
  'logging-set-level': '2025-11-25',
  'resources-subscribe': '2025-11-25',
  'resources-unsubscribe': '2025-11-25',
};

/** What is not run over stdio, by why. */
export const NOT_OVER_STDIO: { readonly [why: string]: readonly string[] } = {
  'is about HTTP, which here is the bridge of the tests': [
    'server-session-lifecycle',
    'server-stateless',
    'server-sse-polling',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
    'http-header-validation',
    'http-custom-header-server-validation',
  ],
  'is about requests of the server to the client, which the bridge of the tests does not carry': [
    'tools-call-sampling',
    'tools-call-elicitation',
    'elicitation-sep1034-defaults',
    'elicitation-sep1330-enums',
  ],
  'passes over HTTP, by the same code': [
    'input-required-result-basic-elicitation',
    'input-required-result-basic-sampling',
    'input-required-result-basic-list-roots',
    'input-required-result-request-state',
    'input-required-result-multiple-input-requests',
    'input-required-result-multi-round',
    'input-required-result-missing-input-response',
    'input-required-result-non-tool-request',
    'input-required-result-result-type',
    'input-required-result-unsupported-methods',
    'input-required-result-tampered-state',
    'input-required-result-capability-check',
    'input-required-result-ignore-extra-params',
    'input-required-result-validate-input',
  ],
};

/** What fails over HTTP, by why. */
export const FAILS_OVER_HTTP: { readonly [why: string]: readonly string[] } = {
  'is about headers that repeat single arguments: the gateway decides by the body, and does not compare them': [
    'http-custom-header-server-validation',
  ],
};
