import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import type { Event } from '../events.ts';
import { type Binding, bindingOf } from './binding.ts';
import type { Servers } from './state.ts';

const BOOTS_KEPT = 64;
const RELEASES_KEPT = 16;
/** Names of workers that are kept: each deployment may bring new ones. */
const WORKERS_KEPT = 32;

/** The servers after an event. */
export function foldServers(servers: Servers, event: Event): Partial<Servers> | undefined {
  switch (event.type) {
    case 'pinned':
      return { servers: event.servers };
    case 'bound':
      return { bindings: { ...servers.bindings, [event.server]: bound(servers, event) } };
    case 'unbound':
      return {
        bindings: Object.fromEntries(Object.entries(servers.bindings).filter(([server]) => server !== event.server)),
      };
    case 'heldApart':
      return withBinding(servers, event.server, (binding) => ({ ...binding, isApart: true }));
    case 'leaseLost':
      return withBinding(servers, event.server, (binding) => ({ ...binding, phase: 'lost', why: event.why }));
    case 'releasedEarly':
      return { releasedEarly: [...servers.releasedEarly, event.lease].slice(-RELEASES_KEPT) };
    case 'reopenStarted':
      return withBinding(servers, event.server, (binding) => ({ ...binding, phase: 'reopening' }));
    case 'reopenFailed':
      return withBinding(servers, event.server, (binding) => ({ ...binding, phase: 'lost' }));
    case 'workerSeen':
      return { ...withWorker(servers, event.worker), lostUnseen: false };
    case 'restarted':
      return restarted(servers, event);
    case 'lossNamed':
      return {
        ...withGone(servers, event.worker.boot),
        lostUnseen: false,
        lastLoss: servers.lastLoss && { ...servers.lastLoss, unnamed: false },
      };
    case 'agentLost':
      return { restarts: servers.restarts + 1 };
    default:
      return undefined;
  }
}

function withBinding(servers: Servers, server: string, change: (binding: Binding) => Binding): Partial<Servers> {
  const binding = bindingOf(servers, server);
  return binding ? { bindings: { ...servers.bindings, [server]: change(binding) } } : {};
}

function bound({ releasedEarly }: Servers, { lease, worker, generation }: Extract<Event, { type: 'bound' }>): Binding {
  const binding = { ...lease, worker: worker.name, boot: worker.boot, generation, isApart: false } as const;
  return releasedEarly.includes(lease.lease)
    ? { ...binding, phase: 'lost', why: 'its worker stopped in order' }
    : { ...binding, phase: 'held' };
}

function restarted(servers: Servers, { worker, lost, at }: Extract<Event, { type: 'restarted' }>): Partial<Servers> {
  return {
    ...(worker === null ? {} : lost ? withGone(servers, worker.boot) : withWorker(servers, worker)),
    restarts: servers.restarts + 1,
    lostUnseen: servers.lostUnseen || worker === null,
    lastLoss: lost ? { at, unnamed: worker === null } : servers.lastLoss,
  };
}

const withGone = ({ goneBoots }: Servers, boot: string | undefined): Partial<Servers> =>
  boot === undefined ? {} : { goneBoots: [...goneBoots, boot].slice(-BOOTS_KEPT) };

/** The boot before it is gone: one worker has a name at a time. */
function withWorker(servers: Servers, { name, boot }: WorkerIdentity): Partial<Servers> {
  const others = Object.entries(servers.workers).filter(([each]) => each !== name);
  const before = Object.hasOwn(servers.workers, name) ? servers.workers[name] : undefined;
  const workers = Object.fromEntries([...others, [name, boot] as const].slice(-WORKERS_KEPT));
  return { ...withGone(servers, before), workers };
}
