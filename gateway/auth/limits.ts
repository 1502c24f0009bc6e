import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CustodyError } from '../../protocol/errors.ts';
import { principalOf } from '../../protocol/identity/principal.ts';
import { type Caller, keyOfCaller } from './caller.ts';

/** Log-ins of one address that may fail in a minute, before it is answered more briefly. */
const FAILED = 20;
const MINUTE = 60;
const HOUR = 3600;
/** Sessions in a minute for which one caller may ask that are not there, or not for it. */
const ABSENT = 120;

export interface LimitsOptions {
  /** Requests of one caller in one session. */
  readonly requestsPerMinute: number;
  /** Sessions that one subject opens. */
  readonly sessionsPerHour: number;
}

/** RATE_LIMITED, and when to come again. */
export class RateLimited extends CustodyError {
  /** Seconds. */
  readonly retryAfter: number;

  constructor(message: string, ms: number) {
    super('RATE_LIMITED', message);
    this.retryAfter = Math.max(1, Math.ceil(ms / 1000));
  }
}

/** How often may be asked; counted by this process. */
export class Limits {
  readonly #failed = new RateLimiterMemory({ points: FAILED, duration: MINUTE, keyPrefix: 'failed' });
  readonly #requests: RateLimiterMemory;

  readonly #absent = new RateLimiterMemory({ points: ABSENT, duration: MINUTE, keyPrefix: 'absent' });
  readonly #openings: RateLimiterMemory;

  constructor({ requestsPerMinute, sessionsPerHour }: LimitsOptions) {
    this.#requests = new RateLimiterMemory({ points: requestsPerMinute, duration: MINUTE, keyPrefix: 'requests' });
    this.#openings = new RateLimiterMemory({ points: sessionsPerHour, duration: HOUR, keyPrefix: 'openings' });
  }

  /**
   * Counts a log-in that failed. Good tokens are never kept out: those who share an address with somebody who guesses
   * would be, and nobody guesses 256 bits.
   *
   * @throws RateLimited beyond the limit
   */
  async failed(address: string): Promise<void> {
    await consume(this.#failed, networkOf(address), `More than ${FAILED} log-ins of this address failed in a minute.`);
  }

  /** Counts a request. @throws RateLimited beyond the limit */
  async request(caller: Caller, session: string): Promise<void> {
    const { points } = this.#requests;
    const why = `There are at most ${points} requests of one token in one session in a minute.`;
    await consume(this.#requests, `${keyOfCaller(caller)}/${session}`, why);
  }

  /** Counts a session that is not there, as whoever guesses ids asks for. @throws RateLimited beyond the limit */
  async absent(caller: Caller): Promise<void> {
    await consume(
      this.#absent,
      keyOfCaller(caller),
      `This token asked for more than ${ABSENT} sessions in a minute that are not there.`,
    );
  }

  /** Counts a session that is opened. @throws RateLimited beyond the limit */
  async opening({ issuer, subject }: Caller): Promise<void> {
    const { points } = this.#openings;
    const why = `'${subject}' may open ${points} sessions in an hour.`;
    await consume(this.#openings, principalOf(issuer, subject), why);
  }
}

async function consume(limiter: RateLimiterMemory, key: string, why: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw new RateLimited(why, error.msBeforeNext);
    throw error;
  }
}

/** Whoever has one address of IPv6 has 2^64 of them. */
const networkOf = (address: string): string =>
  isIPv6(address) && !address.startsWith('::ffff:') ? address.split(':').slice(0, 4).join(':') : address;
