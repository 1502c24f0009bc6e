/** What the session carries, as it was measured; until then it was estimated from above. */
export interface CapacityEvent {
  readonly type: 'weighed';
  readonly bytes: number;
}
