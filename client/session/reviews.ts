import type { Accepted } from '../../protocol/replies.ts';
import type { ReviewsView } from '../../protocol/reviews/view.ts';
import type { Context } from '../context.ts';
import { type CommandOptions, giveCommand } from './command.ts';
import { describeSession } from './describe.ts';

/** The reviews of a session. */
export class SessionReviews {
  readonly #context: Context;
  readonly #session: string;

  constructor(context: Context, session: string) {
    this.#context = context;
    this.#session = session;
  }

  /** Those that persons are asked to do, and those that are done; null where the session has none. */
  async list(): Promise<ReviewsView | null> {
    return (await describeSession(this.#context, this.#session)).reviews ?? null;
  }

  /**
   * Does a review. The last person whom the profile wants, or one who objects, ends it.
   *
   * @param review its id, such as `a1`
   * @param finding what was found, on record
   * @param options.objection an end says so; a session that would go on is paused first
   * @throws CustodyError APPROVAL_NOT_FOUND, APPROVAL_ENDED, APPROVAL_OWN, APPROVAL_TWICE
   */
  done(
    review: string,
    finding: string,
    options: CommandOptions & { readonly objection?: boolean | undefined } = {},
  ): Promise<Accepted> {
    const verdict = options.objection ? 'objection' : 'passed';
    return giveCommand(this.#context, this.#session, 'review', { review, finding, verdict }, options);
  }
}
