import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Milliseconds of a protobuf timestamp. */
export const instantOf = (time: HistoryEvent['eventTime']): number =>
  Number(time?.seconds ?? 0) * 1000 + Math.floor(Number(time?.nanos ?? 0) / 1e6);

/**
 * The values in a list of payloads; undefined for one that cannot be decoded. History is hostile until read: a signal
 * can hold anything.
 */
export function decode(
  payloads: { readonly payloads?: readonly Payload[] | null } | null | undefined,
): readonly unknown[] {
  return (payloads?.payloads ?? []).map(decodeOne);
}

export function decodeOne(payload: Payload | null | undefined): unknown {
  try {
    return payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
  } catch {
    return undefined;
  }
}
