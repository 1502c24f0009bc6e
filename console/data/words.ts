import type { Effect } from '../../protocol/calls/call.ts';
import type { PauseCause, StateName } from '../../protocol/states.ts';

/** A state in words. */
export const STATES: { readonly [state in StateName]: string } = {
  INIT: 'opens its servers',
  RUNNING: 'runs',
  PAUSED: 'is paused',
  RESUMING: 'opens its servers again',
  ROLLBACK: 'undoes what it did',
  AUDIT: 'is reviewed',
  COMPLETED: 'completed',
  FAILED: 'failed',
  TIMEOUT: 'ran out of time',
};

/** Why a session is paused. */
export const CAUSES: { readonly [cause in PauseCause]: string } = {
  operator: 'by a person',
  timeout: 'its deadline is reached',
  budget: 'its budget is spent',
  review: 'a review objects',
  incident: 'of an incident',
  restart: 'of a restart',
};

export const stateIn = (state: string): string => STATES[state as StateName] ?? state;
export const causeIn = (cause: string): string => CAUSES[cause as PauseCause] ?? cause;

export const EFFECTS: { readonly [effect in Effect]: string } = {
  'read-only': 'read-only: it changes nothing',
  idempotent: 'idempotent: made twice, it has the effect of once',
  compensable: 'compensable: it can be undone afterwards',
  irreversible: 'irreversible: nothing undoes it',
};

/** What somebody has to do for a session to go on. */
export const NEEDS: { readonly [command: string]: string } = {
  approve: 'an approval',
  review: 'a review',
  resolve: 'a call in doubt to be resolved',
  respond: 'an answer to a server',
  resume: 'to be resumed',
  extend: 'more time',
  topUp: 'more money',
  recover: 'to be recovered',
  closeIncident: 'an incident to be looked at',
};

const USD = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 6 });
export const usd = (micro: number): string => USD.format(micro / 1e6);
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

export const byWhom = (by: string, standing: string | null): string =>
  standing === null ? `by ${by}` : `by ${by} (${standing})`;
