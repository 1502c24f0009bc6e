import type { Accepted } from '../../protocol/replies.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import type { ApprovalView } from '../../protocol/view.ts';
import { type ApprovalDetails, approvalDetails } from '../approvals/details.ts';
import type { Context } from '../context.ts';
import { type CommandOptions, giveCommand } from './command.ts';
import { describeSession } from './describe.ts';

/** What a session asks persons to approve. */
export class SessionApprovals {
  readonly #context: Context;
  readonly #session: string;

  constructor(context: Context, session: string) {
    this.#context = context;
    this.#session = session;
  }

  /** What is asked now, oldest first. */
  async list(): Promise<readonly ApprovalView[]> {
    return (await describeSession(this.#context, this.#session)).approvals;
  }

  /**
   * All that is known of one: its arguments, rules and tool, and what would change. Reads the whole history.
   * @throws CustodyError APPROVAL_NOT_FOUND; APPROVAL_ENDED with how it ended
   */
  show(approval: string): Promise<ApprovalDetails> {
    return approvalDetails(this.#context, this.#session, approval);
  }

  /**
   * Says yes to what is asked, as it was shown. The last yes that is needed lets it happen.
   *
   * @param digest of what was shown, see `ApprovalView`
   * @param options.args makes the call with these arguments instead, as a call of its own
   * @throws CustodyError APPROVAL_NOT_FOUND, APPROVAL_ENDED, APPROVAL_DIFFERS, APPROVAL_OWN, APPROVAL_TWICE
   */
  approve(
    approval: string,
    digest: string,
    options: CommandOptions & { readonly args?: JsonObject | undefined } = {},
  ): Promise<Accepted> {
    const { args } = options;
    const fields = { approval, digest, ...(args === undefined ? {} : { args }) };
    return giveCommand(this.#context, this.#session, 'approve', fields, options);
  }

  /**
   * Says no to what is asked. The reason reaches who asked.
   * @throws CustodyError APPROVAL_NOT_FOUND, APPROVAL_ENDED, APPROVAL_OWN
   */
  reject(approval: string, options: CommandOptions = {}): Promise<Accepted> {
    return giveCommand(this.#context, this.#session, 'reject', { approval }, options);
  }
}
