import { entry } from '../entry.ts';

/** What is said to those who come over HTTP. */
export const GATEWAY = {
  TOKEN_MISSING: entry(
    'This needs a bearer token.',
    'Send `Authorization: Bearer TOKEN`, with a key that `custody token new` made.',
    401,
  ),
  TOKEN_INVALID: entry(
    'The bearer token is not taken.',
    'Have a new one made with `custody token new`; `custody token list` says which have expired or were revoked.',
    401,
  ),
  ISSUER_UNAVAILABLE: entry(
    'The keys of the identity provider cannot be read.',
    'Ask again in a moment. Where it goes on, check gateway.issuers in custody.yaml, and that the gateway reaches it.',
    503,
    true,
  ),
  TOKENS_INVALID: entry(
    'The file of API keys cannot be used.',
    'Mend the lines that the message lists, or put the file back from a copy; nobody gets in until then.',
    503,
  ),
  TOKEN_NOT_FOUND: entry('There is no API key with this id.', 'See `custody token list`.', 404),
  PLACE_REFUSED: entry(
    'The gateway does not answer to the name, or to the web page, that the request comes by.',
    'Use the address that stands under gateway.url of custody.yaml; pages of other origins go under gateway.origins.',
    403,
  ),
  REQUEST_REFUSED: entry(
    'The gateway does not take a request of this kind.',
    'Send what the message says: POST of JSON in plain bytes, within the limits.',
    400,
  ),
  MCP_SESSION_UNKNOWN: entry(
    'The Mcp-Session-Id is not one that this gateway gave to whoever shows it, or it is not valid any more.',
    "Connect again, with `initialize`: the calls that were made are the session's, and go on.",
    404,
  ),
  COMMAND_ID_REUSED: entry(
    'This Idempotency-Key was used before for another request.',
    'Use a new one for a new request; one and the same request keeps its own however often it is sent.',
    409,
  ),
  RATE_LIMITED: entry(
    'There were too many requests.',
    'Wait as long as Retry-After says, then ask again, a call under its call id.',
    429,
    true,
  ),
  GATEWAY_BUSY: entry(
    'The gateway has no room for another request now, or it is about to stop.',
    'Ask again in a moment, a call under its call id; where it goes on, run one more `custody serve`.',
    503,
    true,
  ),
};
