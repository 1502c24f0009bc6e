/** What rules did. */
export type PolicyEvent =
  | {
      readonly type: 'callDenied';
      readonly callId: string;
      readonly rules: readonly string[];
      readonly message: string;
    }
  /** Rules on trial would have denied it. */
  | {
      readonly type: 'callFlagged';
      readonly callId: string;
      readonly rules: readonly string[];
      readonly message: string;
    };
