import { InterceptingCall, type Interceptor, type InterceptingListener, Metadata, status } from '@grpc/grpc-js';

/**
 * Ends a request on a closed connection with FAILED_PRECONDITION, where gRPC throws. The SDK makes requests again from
 * timers, also after the connection was closed, and what is thrown there ends the process.
 */
export const endOnceClosed: Interceptor = (options, nextCall) => {
  try {
    return new InterceptingCall(nextCall(options));
  } catch (error) {
    return new InterceptingCall(ended((error as Error).message));
  }
};

const ended = (details: string): ConstructorParameters<typeof InterceptingCall>[0] => ({
  start(_, listener?: Partial<InterceptingListener>) {
    listener?.onReceiveMessage?.(null);
    listener?.onReceiveStatus?.({ code: status.FAILED_PRECONDITION, details, metadata: new Metadata() });
  },
  getPeer: () => '',
  getAuthContext: () => null,
  sendMessage() {},
  sendMessageWithContext() {},
  startRead() {},
  halfClose() {},
  cancelWithStatus() {},
});
