import { hostname, userInfo } from 'node:os';
import { Client } from '@temporalio/client';
import type { Vouched } from '../protocol/identity/standing.ts';
import type { PayloadStore } from '../protocol/values/payload.ts';
import { TASK_QUEUE } from '../protocol/workers/queues.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { FolderStore } from '../store/folder.ts';
import { storeFolder } from '../store/location.ts';
import type { Tuning } from '../protocol/session-input.ts';
import { codecOf } from './temporal/keys.ts';
import { connectionSettings, openConnection } from './temporal/connection.ts';
import type { ConnectOptions } from './temporal/connectOptions.ts';
import { allIncidents, type AllIncidents, type IncidentsOptions } from './incidents/all.ts';
import { allApprovals, type AllApprovals, type ApprovalsOptions } from './approvals/all.ts';
import { Evidence } from './evidence/evidence.ts';
import { Budgets } from './budgets/budgets.ts';
import { type Costs, costsOf } from './list/cost.ts';
import { type PageOptions, pageOfSessions, type SessionPage } from './list/page.ts';
import { listSessions, type ListOptions, type SessionSummary } from './list/list.ts';
import { noticesOf, type NoticesOptions, type NoticeView } from './list/notices.ts';
import type { Context } from './context.ts';
import { allReviews, type AllReviews, type ReviewsOptions } from './reviews/all.ts';
import { OpenRequests } from './sdk/closed.ts';
import { readKey, type Signer } from './identity/key.ts';
import { Ears } from './session/calls/ears.ts';
import { Murmurs } from './session/calls/murmurs.ts';
import { SessionHandle } from './session/handle.ts';
import { newId } from './session/starts/id.ts';
import { startSession } from './session/starts/start.ts';

/** Who asks. */
export interface Who {
  readonly actor: string | undefined;
  readonly key: string | undefined;
}

export interface StartOptions {
  /** Used once. Random by default. */
  readonly id?: string | undefined;
  /** Why, on record. */
  readonly reason?: string | undefined;
  readonly tuning?: Tuning | undefined;
}

/**
 * The client of Custody: starts sessions, and gives handles of them.
 * Every method fails with `CustodyError`, whose `code` is one of docs/errors.md; one whose `signal` is aborted fails
 * with the signal's reason, an `AbortError` by default.
 */
export class Custody {
  readonly #context: Context;
  readonly #requests: OpenRequests;

  private constructor(context: Context, requests: OpenRequests) {
    this.#context = context;
    this.#requests = requests;
  }

  /**
   * Connects as the options say, else the environment, else Temporal's configuration files.
   *
   * @param options.actor who asks, on record as claimed unless a key proves it; the system user by default
   * @param options.key path of the actor's private key, which signs what is asked; else CUSTODY_KEY, else none
   * @throws CustodyError KEY_UNUSABLE
   */
  static async connect(options: ConnectOptions & Partial<Who> = {}): Promise<Custody> {
    const settings = connectionSettings(options);
    const signer = signerOf(options.key ?? process.env['CUSTODY_KEY']);
    const codec = await codecOf(options.keys);
    const requests = new OpenRequests();
    const connection = await openConnection(settings, requests);
    const actor = options.actor ?? (process.env['CUSTODY_ACTOR'] || systemUser());
    const client = new Client({
      connection,
      namespace: settings.namespace,
      identity: identityOf(actor),
      dataConverter: { payloadCodecs: [codec] },
    });
    return new Custody(
      {
        client,
        taskQueue: options.taskQueue ?? TASK_QUEUE,
        payloads: new FolderStore(storeFolder(options.store)),
        actor,
        signer,
        ears: new Ears(client),
        murmurs: new Murmurs(client),
      },
      requests,
    );
  }

  /** The client of Temporal underneath, for what this one does not have. */
  get temporal(): Client {
    return this.#context.client;
  }

  get actor(): string {
    return this.#context.actor;
  }

  get taskQueue(): string {
    return this.#context.taskQueue;
  }

  /** Values that are too large for history: the store that the workers have, too. */
  get payloads(): PayloadStore {
    return this.#context.payloads;
  }

  /**
   * The same connection under another name: all that is asked through it is on record as asked by this actor.
   *
   * @param options.key path of that one's private key; without it the name is only claimed
   * @throws CustodyError KEY_UNUSABLE
   */
  as(actor: string, { key }: { readonly key?: string | undefined } = {}): Custody {
    const { connection, options } = this.temporal;
    const { namespace, loadedDataConverter: dataConverter } = options;
    const client = new Client({ connection, namespace, identity: identityOf(actor), dataConverter });
    const { vouched: _, ...rest } = this.#context;
    return new Custody({ ...rest, client, actor, signer: signerOf(key) }, this.#requests);
  }

  /**
   * The same connection for somebody who showed a token: what is asked through it is on record as asked by this actor,
   * and signed by the key of this one, which the list of principals must let vouch for others. Without a key the name
   * is only claimed.
   */
  for(actor: string, vouched: Vouched): Custody {
    const { signer } = this.#context;
    const other = this.as(actor);
    return new Custody({ ...other.#context, signer, vouched }, this.#requests);
  }

  /** A handle of the session with this id, whether or not there is one: its methods say so. */
  session(id: string): SessionHandle {
    return new SessionHandle(this.#context, id);
  }

  /** Starts a session. It is in INIT then; its `describe` and `watch` tell how it goes on. */
  async start(spec: SessionSpec, options: StartOptions = {}): Promise<SessionHandle> {
    const id = newId(options.id);
    await startSession(this.#context, id, spec, options);
    return this.session(id);
  }

  list(options: ListOptions = {}): AsyncIterable<SessionSummary> {
    return listSessions(this.#context, options);
  }

  /** A page of the same list, of `limit` sessions at most. @throws CustodyError USAGE for a cursor that is none */
  page(options: PageOptions = {}): Promise<SessionPage> {
    return pageOfSessions(this.#context, options);
  }

  /** What sessions cost: those with these ids, or those of a list. Sums over them count nothing twice. */
  costs(of: readonly string[] | ListOptions): Promise<Costs> {
    return costsOf(this.#context, of);
  }

  /** Budgets that several sessions share. */
  get budgets(): Budgets {
    return new Budgets(this.#context);
  }

  /** Records of sessions, and how they are sealed. */
  get evidence(): Evidence {
    return new Evidence(this.#context);
  }

  /** What persons are asked to approve, by all sessions of the namespace, oldest first. */
  approvals(options: ApprovalsOptions = {}): Promise<AllApprovals> {
    return allApprovals(this.#context, options);
  }

  /** What became of notices that sessions sent, the oldest first. */
  notices(options: NoticesOptions = {}): Promise<readonly NoticeView[]> {
    return noticesOf(this.#context, options);
  }

  /** What persons are asked to review, by all sessions of the namespace or by some, oldest first. */
  reviews(options: ReviewsOptions = {}): Promise<AllReviews> {
    return allReviews(this.#context, options);
  }

  /** What went wrong in sessions of the namespace and was not looked at, oldest first. */
  incidents(options: IncidentsOptions = {}): Promise<AllIncidents> {
    return allIncidents(this.#context, options);
  }

  /**
   * Closes the connection, for all names on it. What was asked and has no answer yet fails with CLIENT_CLOSED; calls
   * that a session has taken go on in it.
   */
  async close(): Promise<void> {
    this.#requests.end();
    await this.temporal.connection.close();
  }
}

const signerOf = (path: string | undefined): Signer | null => (path ? readKey(path) : null);

/** What Temporal has on record for all that is asked, past the session too: who, and from which process. */
const identityOf = (actor: string): string => `${actor} (${process.pid}@${hostname()})`;

/** The user of this process; by number where the system has no name for it, as in some containers. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
