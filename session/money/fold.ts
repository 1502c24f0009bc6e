import type { Usage } from '../../protocol/agent.ts';
import { type PriceBook, tokenCost } from '../../protocol/money/prices.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { foldDelays } from './delays/fold.ts';
import { NO_DELAYS } from './delays/state.ts';
import { workedUntil } from './layers.ts';
import { type Account, MOST_NAMES, type Money, NOTHING_SPENT, OTHERS, type Paid } from './state.ts';

/** What a session costs, after an event. */
export function foldMoney(session: Session, event: Event): Partial<Money> | undefined {
  if (event.type === 'opened') return { account: opened(session, event) };
  const { account } = session;
  if (!account) return undefined;
  const changed = changeOf(account, event);
  const delayed = foldDelays(account, event);
  return changed || delayed ? { account: { ...account, ...changed, ...delayed } } : undefined;
}

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** Prices and rates are pinned at the first opening; the limit is that of the profile as it was accepted last. */
function opened({ account, startedAt }: Session, { money, governance }: Of<'opened'>): Account | null {
  const { auditCost, executionCost, complianceCost, budgetLimit: limit, ...cost } = governance.cost;
  if (account) return { ...account, limit };
  if (!money) return null;
  return {
    book: money,
    rates: { session: auditCost, execution: executionCost, compliance: complianceCost },
    limit,
    ...NOTHING_SPENT,
    since: startedAt,
    at: ['session'],
    delays: {
      personRate: cost.personCost ?? 0,
      model: {
        timeout: cost.delayOnTimeout ?? 0,
        restart: cost.delayOnRestart ?? 0,
        rollback: cost.delayOnRollback ?? 0,
      },
      sums: NO_DELAYS,
      under: null,
    },
  };
}

function changeOf(account: Account, event: Event): Partial<Account> | undefined {
  switch (event.type) {
    case 'charged':
      return {
        calls: account.calls + event.cost,
        byName: withPaid(account.byName, event),
        excess: account.excess + event.excess,
        undoing: account.undoing + event.undo,
      };
    case 'recorded':
      return { recorded: account.recorded + costOfRecord(account, event) };
    case 'undone':
      return { undoing: Math.max(0, account.undoing - (event.reserved ?? 0)) };
    case 'layersChanged':
      return { worked: workedUntil(account, event.at), since: event.at, at: event.layers };
    case 'costAlerted':
      return { alerted: event.percent, halved: event.halved };
    case 'moneyShort':
      return { short: event.short };
    case 'toppedUp': {
      const { microUsd, alerted, halved, short } = event;
      return { toppedUp: account.toppedUp + microUsd, alerted, halved, short };
    }
    case 'moved':
      return account.short && event.to.name === 'RESUMING' ? { short: null } : undefined;
    default:
      return undefined;
  }
}

function withPaid(byName: Account['byName'], { name, cost }: Of<'charged'>): Account['byName'] {
  const isKept = Object.hasOwn(byName, name) || Object.keys(byName).length < MOST_NAMES;
  const key = isKept ? name : OTHERS;
  const { times, microUsd } = Object.hasOwn(byName, key) ? byName[key]! : NONE;
  return { ...byName, [key]: { times: times + 1, microUsd: microUsd + cost } };
}

const NONE: Paid = { times: 0, microUsd: 0 };

const costOfRecord = ({ book }: Account, { entry: { usage } }: Of<'recorded'>): number =>
  usage ? usageCost(book, usage) : 0;

/** What an agent says that it cost counts; where it says nothing, its tokens do at the price of their model. */
export function usageCost(book: PriceBook, usage: Usage & { readonly model: string }): number {
  if (usage.microUsd > 0) return usage.microUsd;
  const price = Object.hasOwn(book.models, usage.model) ? book.models[usage.model] : undefined;
  return price ? tokenCost(price, usage) : 0;
}
