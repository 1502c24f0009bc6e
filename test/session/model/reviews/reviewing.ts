import { Approving } from '../approvals/approving.ts';
import type { Reviews } from './arbitraries.ts';

/** Does reviews as persons do. */
export abstract class Reviewing extends Approving {
  /** Somebody does a review, or tries to. */
  protected reviews({ pick, by, verdict }: Reviews): void {
    const { approvals, drivers } = this.session;
    const asked = approvals.filter(({ kind }) => kind === 'review');
    const open = asked[pick % Math.max(1, asked.length)];
    const isFree = (each: string): boolean =>
      each !== open?.requester && !drivers.includes(each) && !open?.votes.some(({ actor }) => actor === each);
    const actor = by ?? ['eve', 'fay', 'gus'].find(isFree) ?? 'eve';
    const from = { ...this.by(), actor };
    this.command({ type: 'review', by: from, review: open?.id ?? 'a999', finding: 'looked at it', verdict });
  }
}
