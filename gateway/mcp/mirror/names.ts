import { sha256Hex } from '../../../protocol/values/digest.ts';

/**
 * What every known client takes as the name of a tool; the strictest of them takes no dots and no more than 64
 * characters.
 */
const VALID = /^[a-zA-Z0-9_-]{1,64}$/;
const LONGEST = 64;
/** Hex digits that tell apart what would otherwise have one name. */
const MARK = 8;

/** Something that a server of the session offers under a name of its own: a tool or a prompt. */
export interface Offer {
  readonly server: string;
  readonly name: string;
}

/**
 * The names under which a gateway shows what several servers offer. With one server names stay as they are, with
 * several they are `server__name`. A name that clients would not take, or that is reserved or wanted twice, is made fit
 * and ends in a mark of 8 hex digits of the SHA-256 of `server.name`: the same offers always have the same names.
 *
 * @param reserved names that no offer may have
 */
export function namesOf<T extends Offer>(
  offers: readonly T[],
  isOneServer: boolean,
  reserved: readonly string[] = [],
): ReadonlyMap<string, T> {
  const wish = ({ server, name }: Offer): string => (isOneServer ? name : `${server}__${name}`);
  const wishes = new Map<string, number>();
  for (const offer of offers) wishes.set(wish(offer), (wishes.get(wish(offer)) ?? 0) + 1);
  const isFree = (name: string): boolean => VALID.test(name) && wishes.get(name) === 1 && !reserved.includes(name);
  return new Map(offers.map((offer) => [isFree(wish(offer)) ? wish(offer) : marked(wish(offer), offer), offer]));
}

function marked(wish: string, { server, name }: Offer): string {
  const fit = wish.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, LONGEST - MARK - 1);
  return `${fit}_${sha256Hex(`${server}.${name}`).slice(0, MARK)}`;
}
