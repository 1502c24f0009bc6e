import type { By } from '../../protocol/by.ts';
import type { DelayCause } from '../../protocol/money/delays.ts';
import type { Layer } from '../../protocol/records.ts';
import type { Short } from './state.ts';

/** What happens to the money of a session. Amounts are integer micro-USD. */
export type MoneyEvent =
  /** An attempt has ended, or a call in doubt was resolved: what it had reserved is settled. */
  | {
      readonly type: 'charged';
      readonly callId: string;
      readonly name: string;
      readonly cost: number;
      /** What it cost beyond its reservation. */
      readonly excess: number;
      /** Stays reserved, for undoing what it did. */
      readonly undo: number;
      /** It is the price of a delay: the attempt was lost and is made again, or it undoes another. */
      readonly delay?: DelayCause;
    }
  /** The session waits from now on, or works on while a check is due; null: no more. */
  | {
      readonly type: 'delayChanged';
      readonly cause: DelayCause | null;
      readonly isCheck: boolean;
      readonly at: number;
    }
  /** Other layers are at work from now on. */
  | { readonly type: 'layersChanged'; readonly at: number; readonly layers: readonly Layer[] }
  /** So many per cent of the limit are spent. `halved`: how often the calls at once are halved from now on. */
  | {
      readonly type: 'costAlerted';
      readonly percent: number;
      readonly halved: number;
      readonly text: string;
      /** It stands on record. */
      readonly isNoted: boolean;
    }
  /** Something cannot be afforded. */
  | { readonly type: 'moneyShort'; readonly short: Short }
  | {
      readonly type: 'toppedUp';
      readonly microUsd: number;
      /** As it is now. */
      readonly limit: number;
      /** What is missing all the same. */
      readonly short: Short | null;
      /** The thresholds of alerts that are passed all the same, and how often the calls at once stay halved. */
      readonly alerted: number;
      readonly halved: number;
      readonly by: By;
    };
