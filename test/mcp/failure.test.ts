import { readFileSync } from 'node:fs';
import { SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { describe, expect, test } from 'vitest';
import { callFailure } from '../../mcp/calls/failure.ts';

/** As `fetch` throws it. */
const fetchFailed = (cause: object): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('why'), cause) });
const outcomeOf = (error: unknown) =>
  callFailure(error, { server: 's', what: "tool 't'", signal: new AbortController().signal, timeout: 1 });

describe('E2, E3: a call was not sent only where no connection came to stand', () => {
  test.each([
    { code: 'ECONNREFUSED', syscall: 'connect' },
    { code: 'ETIMEDOUT', syscall: 'connect' },
    { code: 'EHOSTUNREACH', syscall: 'connect' },
    { code: 'ENOTFOUND', syscall: 'getaddrinfo' },
    { code: 'UND_ERR_CONNECT_TIMEOUT' },
    { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    { code: 'SELF_SIGNED_CERT_IN_CHAIN' },
  ])('$code in $syscall: not sent', (cause) => {
    expect(outcomeOf(fetchFailed(cause))).toMatchObject({ code: 'SERVER_UNAVAILABLE', sent: false });
    const each = Object.assign(new Error('why'), cause);
    expect(outcomeOf(new TypeError('fetch failed', { cause: new AggregateError([each, each]) }))).toMatchObject({
      sent: false,
    });
  });

  test.each([
    { code: 'EHOSTUNREACH', syscall: 'read' },
    { code: 'ENETUNREACH', syscall: 'write' },
    { code: 'ECONNREFUSED' },
    { code: 'ECONNRESET', syscall: 'read' },
    { code: 'EPIPE', syscall: 'write' },
    { code: 'UND_ERR_SOCKET' },
    { code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' },
    { code: 'ERR_TLS_CERT_SIGNATURE_ALGORITHM_UNSUPPORTED' },
  ])('$code in $syscall: it may have been', (cause) => {
    expect(outcomeOf(fetchFailed(cause))).toMatchObject({ code: 'CONNECTION_LOST', sent: true, answered: false });
    const [refused, reset] = [{ syscall: 'connect' }, cause].map((each) => Object.assign(new Error('why'), each));
    expect(outcomeOf(new AggregateError([refused, reset]))).toMatchObject({ sent: true });
  });
});

test('U4: what went wrong is said once, however many errors stand around it', () => {
  const why = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  });
  const nested = ['fetch failed', 'fetch failed', 'The server is away: fetch failed'].reduce<Error>(
    (cause, message) => new Error(message, { cause }),
    why,
  );
  expect(outcomeOf(nested).message).toBe(
    "The server of tool 't' cannot be reached: The server is away: fetch failed (connect ECONNREFUSED 127.0.0.1:1)",
  );
});

const rows = [...readFileSync('docs/failure.md', 'utf8').matchAll(/^\| ([\d, ]+) \| (failed|in doubt) \|/gm)].flatMap(
  ([, statuses = '', call]) => statuses.split(', ').map((status) => [Number(status), call] as const),
);

describe('E2, E3: a status means for a call what docs/failure.md says', () => {
  test('which has each status once', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(new Set(rows.map(([status]) => status)).size).toBe(rows.length);
  });

  test.each(rows)('HTTP %d: %s', (status, call) => {
    const { sent, answered } = outcomeOf(
      new SdkHttpError(SdkErrorCode.ClientHttpFailedToOpenStream, 'nothing was done', { status }),
    );
    expect({ sent, answered }).toEqual({ sent: true, answered: call === 'failed' });
  });
});
