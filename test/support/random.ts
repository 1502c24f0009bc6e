import { randomInt } from 'node:crypto';

/** CUSTODY_SEED, else another one each time. It is printed, so that a run can be repeated as far as its choices go. */
export function seed(): number {
  const given = process.env['CUSTODY_SEED'];
  const chosen = given === undefined ? randomInt(2 ** 31) : Number(given);
  console.log(`CUSTODY_SEED=${chosen}`);
  return chosen;
}

/** Choices that follow from a seed, and the seed alone. */
export class Random {
  #state: number;

  constructor(from: number) {
    this.#state = from;
  }

  /** From 0 to below 1, by Mulberry32 (public domain, Tommy Ettinger). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[this.between(0, from.length - 1)] as T;
  }
}
