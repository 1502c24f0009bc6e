import { canonical, sha256Hex } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';

const START = Date.UTC(2026, 10, 27, 9, 30);
const RUN = '019ac5a2-6f0d-7c64-9a1e-4f6d3c2b1a00';
const KINDS = ['attempt', 'outcome', 'spent'] as const;

/** As the public parts of a session's records are: an attempt, its outcome and its cost, call after call. */
export function leavesUpTo(count: number): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  return Array.from({ length: count }, (_, seq) => encoder.encode(canonical(leaf(seq))));
}

function leaf(seq: number): Json {
  const kind = KINDS[seq % KINDS.length] ?? 'attempt';
  const call = `plan/step-${Math.floor(seq / KINDS.length)}`;
  return {
    v: 1,
    seq,
    session: 'invoice-reconciliation-2026-11',
    run: RUN,
    events: [seq + 11, seq + 13],
    at: new Date(START + seq * 37).toISOString(),
    layer: kind === 'spent' ? 'compliance' : 'execution',
    kind,
    n: kind === 'outcome' ? null : seq,
    standing: null,
    call,
    data: DATA[kind](seq, call),
    sealed: sha256Hex(`sealed ${seq}`),
  };
}

const DATA: { readonly [K in (typeof KINDS)[number]]: (seq: number, call: string) => Json } = {
  attempt: (seq, call) => ({
    attempt: 1,
    server: 'journal',
    tool: 'upsert',
    effect: 'idempotent',
    timeout: 60_000,
    toolHash: sha256Hex('journal.upsert'),
    key: `${call}/${sha256Hex(call).slice(0, 32)}`,
    policy: sha256Hex('policy'),
    arguments: { sha256: sha256Hex(`arguments ${seq}`), bytes: 112 + (seq % 800) },
  }),
  outcome: (seq) => ({
    attempt: 1,
    outcome: 'succeeded',
    ms: 7 + (seq % 90),
    worker: { name: 'worker-1', boot: 'PW2oLx86FKCb', afterDrain: false },
    decision: { verdict: 'allow', rules: ['default', 'invoices-of-this-month'], engine: 'cedar 4.13.0' },
    result: { sha256: sha256Hex(`result ${seq}`), bytes: 412 + (seq % 3000) },
  }),
  spent: (seq) => ({
    budget: 'invoices',
    reserved: 150_000,
    settled: 150_000 - (seq % 9000),
    price: sha256Hex('prices'),
    left: 1_000_000_000 - seq * 1000,
    attempt: 1,
    server: 'journal',
    tool: 'upsert',
  }),
};
