import { cp, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll } from 'vitest';
import type { Kept } from '../../../activities/evidence/deps.ts';
import { obeyOrder } from '../../../activities/evidence/orders/obey.ts';
import type { OrderDeps } from '../../../activities/evidence/orders/obeying.ts';
import { sealRecords } from '../../../activities/evidence/sealRecords.ts';
import { loadOperatorConfig, type OperatorConfig } from '../../../config/operator.ts';
import { openLog } from '../../../evidence/log.ts';
import type { EvidenceOrder, OrderAct, OrderDone } from '../../../protocol/evidence/orders.ts';
import { FolderStore } from '../../../store/folder.ts';
import { ValueFolder } from '../../../store/values.ts';
import { keptAt } from '../../../worker/evidence/kept.ts';
import { principalsOf } from '../../../worker/principals.ts';
import { evidenceOf, NO_PAYLOADS } from '../../audit/seal/scene.ts';
import { type Life, mortal } from '../../support/evidence/mortal.ts';
import { MemoryStore } from '../../support/evidence/sealed.ts';
import { EVIDENCE, signingKey } from '../../support/evidence/sealing.ts';
import { entryOf, somebody } from '../../support/identity/people.ts';

/** A recorded session, which is over. */
export const SESSION = 'plan';
const FOREVER: Life = { left: Infinity };
const ann = await somebody('ann');

/** A worker with its archive, keys and values in a folder. */
export class Worker {
  readonly dir: string;
  readonly config: OperatorConfig;
  readonly values: ValueFolder;
  /** Runs that it had Temporal delete. */
  forgot = 0;
  /** A value that the session alone has. */
  value = '';

  private constructor(dir: string, config: OperatorConfig) {
    this.dir = dir;
    this.config = config;
    this.values = new ValueFolder(join(dir, 'values'));
  }

  static async in(dir: string): Promise<Worker> {
    const worker = new Worker(dir, await loadOperatorConfig(join(dir, 'custody.yaml')));
    const { sha256 } = await new FolderStore(worker.values.dir).put({ text: 'secret' });
    await utimes(join(worker.values.dir, sha256.slice(0, 2), sha256), new Date(0), new Date(0));
    worker.value = sha256;
    return worker;
  }

  kept(): Promise<Kept> {
    return keptAt(this.config, 'default', SESSION);
  }

  seal() {
    return sealRecords(this.#deps(FOREVER), { session: SESSION, known: { size: 0, root: '' } });
  }

  /** @param at when it comes, in epoch milliseconds */
  obey(order: EvidenceOrder, { life = FOREVER, at = Date.now() } = {}): Promise<OrderDone> {
    const place = { namespace: 'default', scheduledTimestampMs: at };
    const env = new MockActivityEnvironment(place, { logger: new DefaultLogger('ERROR') });
    return env.run(() => obeyOrder(this.#deps(life), { session: SESSION, order })) as Promise<OrderDone>;
  }

  /** What it works with; it dies once its life is over. */
  #deps(life: Life): OrderDeps {
    const evidence = {
      ...evidenceOf(new MemoryStore(), SESSION),
      log: async () => {
        const log = await openLog(this.config, 'default', SESSION);
        return { ...log, store: mortal(log.store, ['put'], life) };
      },
      kept: async () => {
        const kept = await this.kept();
        return mortal({ ...kept, store: mortal(kept.store, ['put', 'hold'], life) }, ['hold', 'intend', 'erase'], life);
      },
      named: async (whose: object) => new Set('of' in whose ? [this.value] : []),
      forget: () => Promise.resolve((this.forgot += 1)),
    };
    return {
      evidence: mortal(evidence, ['forget'], life),
      payloads: NO_PAYLOADS,
      values: mortal(this.values, ['remove'], life),
      principals: principalsOf(this.config.principals),
    };
  }
}

const made: string[] = [];
afterAll(() => Promise.all(made.map((dir) => rm(dir, { recursive: true, force: true }))));

async function scratch(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'custody-orders-'));
  made.push(dir);
  return dir;
}

/**
 * A worker that has sealed the session and obeyed nothing yet.
 * @param evidence of its custody.yaml, beside the usual
 */
export async function sealedBy(evidence: object = {}): Promise<Worker> {
  const dir = await scratch();
  await writeFile(join(dir, 'evidence.key'), (await signingKey()).skey);
  const principals = entryOf(ann, ['operator', 'auditor']);
  await writeFile(join(dir, 'principals.yaml'), JSON.stringify({ principals }));
  const config = {
    servers: { one: { command: 'true' } },
    profiles: { standard: {} },
    evidence: { ...EVIDENCE, ...evidence },
    identity: { principals: 'principals.yaml' },
  };
  await writeFile(join(dir, 'custody.yaml'), JSON.stringify(config));
  const worker = await Worker.in(dir);
  await worker.seal();
  return worker;
}

/** Another worker with all that this one has. */
export async function copyOf({ dir }: Worker): Promise<Worker> {
  const to = await scratch();
  await cp(dir, to, { recursive: true });
  return Worker.in(to);
}

let counted = 0;
/** What somebody who may do all of it signs, under an id of its own. */
export function ordered(act: OrderAct, more: Partial<EvidenceOrder> = {}): EvidenceOrder {
  const commandId = `order-${(counted += 1)}`;
  const unsigned = { act, actor: 'ann', reason: `for case ${counted}`, commandId, ...more };
  const subject = { namespace: 'default', session: SESSION, act, commandId, actor: 'ann' };
  return { ...unsigned, proof: ann.signer.prove(subject, unsigned) };
}
