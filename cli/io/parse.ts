import { InvalidArgumentError } from '@commander-js/extra-typings';
import { amountIn } from '../../protocol/money/amount.ts';
import { parseDuration } from '../../protocol/values/duration.ts';

/** Parsers of option values; what they refuse is a usage error. */

/** A duration above zero, in milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (!ms) throw new InvalidArgumentError('Write a duration such as 2h, 30m or 1h30m.');
  return ms;
}

/** USD above zero, as text: what is sent says it as it was written. */
export function amount(text: string): string {
  if (amountIn(text) === undefined)
    throw new InvalidArgumentError('Write an amount in USD above 0, with at most 6 decimals, such as 10 or 0.5.');
  return text;
}

export function count(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('Write a whole number from 1 on.');
  return number;
}

/** A TCP port; 0 is any free one. */
export function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError('Write a port from 0 to 65535.');
  return number;
}

/** Labels, one after the other: `name=value`. */
export function label(text: string, before: { readonly [name: string]: string } = {}): { [name: string]: string } {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write a name and a value, such as team=pay.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** The texts of an option that may be given several times. */
export const repeated = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
