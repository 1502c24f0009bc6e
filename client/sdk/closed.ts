import { InterceptingCall, type Interceptor, type InterceptingListener, Metadata, status } from '@grpc/grpc-js';

/** What a request on a closed client ends with. */
export const CLIENT_CLOSED = 'the client was closed';
const CLOSED = { code: status.FAILED_PRECONDITION, details: CLIENT_CLOSED, metadata: new Metadata() };

/**
 * The fault: the SDK makes requests again from timers, also once the connection is closed, and gRPC throws there.
 * Without this interceptor, which ends such a request where gRPC throws, that ends the whole process.
 */
export const endOnceClosed: Interceptor = (options, nextCall) => {
  try {
    return new InterceptingCall(nextCall(options));
  } catch {
    return new InterceptingCall(ended);
  }
};

const ended: ConstructorParameters<typeof InterceptingCall>[0] = {
  start(_, listener?: Partial<InterceptingListener>) {
    listener?.onReceiveMessage?.(null);
    listener?.onReceiveStatus?.(CLOSED);
  },
  getPeer: () => '',
  getAuthContext: () => null,
  sendMessage() {},
  sendMessageWithContext() {},
  startRead() {},
  halfClose() {},
  cancelWithStatus() {},
};

/**
 * The fault: closing a connection leaves its requests under way, and those that wait to be made again, to their fate.
 * Without this list of them, which a client ends as it is closed, what was asked of it may never settle.
 */
export class OpenRequests {
  readonly #ends = new Set<() => void>();

  /** Goes around the one that makes requests again. */
  readonly interceptor: Interceptor = (options, nextCall) => {
    const call = nextCall(options);
    return new InterceptingCall(call, {
      start: (metadata, listener, next) => {
        const end = (): void => {
          this.#ends.delete(end);
          listener.onReceiveMessage(null);
          listener.onReceiveStatus(CLOSED);
          call.cancelWithStatus(CLOSED.code, CLOSED.details);
        };
        this.#ends.add(end);
        const guarded: InterceptingListener = {
          onReceiveMetadata: (received) => listener.onReceiveMetadata(received),
          onReceiveMessage: (message) => {
            if (this.#ends.has(end)) listener.onReceiveMessage(message);
          },
          onReceiveStatus: (received) => {
            if (this.#ends.delete(end)) listener.onReceiveStatus(received);
          },
        };
        next(metadata, guarded);
      },
    });
  };

  end(): void {
    for (const end of this.#ends) end();
  }
}
