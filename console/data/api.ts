import { signal } from '@preact/signals';
import type { Role } from '../../protocol/identity/standing.ts';

/** Who is logged in. */
export interface Me {
  readonly issuer: string;
  readonly subject: string;
  readonly person: string;
  readonly roles: readonly Role[];
  readonly session?: string;
}

/** Undefined until it is known; null where nobody is logged in. */
export const me = signal<Me | null | undefined>(undefined);

/** What the API refused, by the code of docs/errors.md. */
export class Refused extends Error {
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

export interface AskOptions {
  /** Makes it a POST. */
  readonly body?: object;
  readonly signal?: AbortSignal;
  /** Repeats of one key are one command. */
  readonly key?: string;
}

export const API = '/api/v1';

/** Asks the API. @throws Refused with the code of the answer, or UNREACHABLE */
export const ask = <T>(path: string, options: AskOptions = {}): Promise<T> => fetched<T>(`${API}${path}`, options);

/** Logs in by a token, or by the secret of a link. @throws Refused */
export const login = async (how: { readonly token: string } | { readonly once: string }): Promise<void> => {
  me.value = await fetched<Me>('/console/login', { body: how });
};

export async function logout(): Promise<void> {
  await fetched('/console/logout', { body: {} });
  me.value = null;
}

async function fetched<T>(url: string, { body, signal: stop, key }: AskOptions): Promise<T> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: {
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json', 'x-custody': '1' } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(stop ? { signal: stop } : {}),
  }).catch((error: Error) => {
    if (stop?.aborted) throw error;
    throw new Refused('UNREACHABLE', 'The gateway does not answer.', 'Look whether it runs; this page asks again.');
  });
  const text = await response.text();
  const answer = parsed(text);
  if (response.ok) return answer as T;
  if (response.status === 401 && url !== '/console/login') me.value = null;
  const { code, message, remedy } = errorIn(answer);
  throw new Refused(code ?? `HTTP_${response.status}`, message ?? text.slice(0, 500), remedy ?? '');
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const errorIn = (answer: unknown): { readonly [name in 'code' | 'message' | 'remedy']?: string } =>
  (answer as { readonly error?: { readonly code: string } } | undefined)?.error ?? {};
