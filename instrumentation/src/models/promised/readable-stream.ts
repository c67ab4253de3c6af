import type { AnswerStream } from './method-endpoint.js';

/**
 * A streamed answer that is a `ReadableStream` of a class of the client's own. The application gets another one of that class, which reads no sooner than it is read itself.
 */
export function readableStream(result: object): AnswerStream | undefined {
  if (!(result instanceof ReadableStream)) return undefined;
  return {
    read: () => result[Symbol.asyncIterator]() as AsyncIterator<unknown>,
    replace: (guarded) => {
      let chunks: AsyncIterator<unknown> | undefined;
      const stream = new ReadableStream<unknown>(
        {
          async pull(controller) {
            chunks ??= guarded();
            const { done, value } = await chunks.next();
            if (done === true) controller.close();
            else controller.enqueue(value);
          },
          async cancel(reason) {
            chunks ??= guarded();
            await chunks.return?.(reason);
          },
        },
        { highWaterMark: 0 },
      );
      Object.setPrototypeOf(stream, Object.getPrototypeOf(result) as object);
      return stream;
    },
  };
}
