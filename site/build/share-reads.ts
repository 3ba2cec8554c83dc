/** Those who read the same things several at a time. */
export interface SharedReads<T> {
  /** Runs one of those who read; its reads go along with those of the others. */
  run(work: (read: () => AsyncIterable<T>) => Promise<void>): Promise<void>;
}

interface Reader<T> {
  give(result: IteratorResult<T, undefined>): void;
  fail(error: unknown): void;
  /** Whether it is in the pass that is under way; if not it waits for the next. */
  isIn: boolean;
}

/**
 * Lets several readers go through the same things at once, so that each thing is read once for all of them. A thing is
 * read when everyone who runs waits for one; who begins to read while others are in the midst of a pass waits for the
 * next pass. All who are to share have to be started before the first of them waits.
 */
export function shareReads<T>(read: () => AsyncIterable<T>): SharedReads<T> {
  let running = 0;
  let pass: AsyncIterator<T> | undefined;
  const waiting = new Set<Reader<T>>();

  const step = async () => {
    if (waiting.size === 0 || waiting.size < running) return;
    if (![...waiting].some(({ isIn }) => isIn)) {
      for (const reader of waiting) reader.isIn = true;
      pass = read()[Symbol.asyncIterator]();
    }
    const readers = [...waiting].filter(({ isIn }) => isIn);
    for (const reader of readers) waiting.delete(reader);
    try {
      const result = (await pass?.next()) ?? { done: true, value: undefined };
      for (const reader of readers) reader.give(result.done ? { done: true, value: undefined } : result);
    } catch (error) {
      for (const reader of readers) reader.fail(error);
    }
  };

  async function* reading(): AsyncGenerator<T> {
    let isIn = false;
    for (;;) {
      const next = Promise.withResolvers<IteratorResult<T, undefined>>();
      waiting.add({ give: next.resolve, fail: next.reject, isIn });
      void step();
      const { done, value } = await next.promise;
      isIn = true;
      if (done) return;
      yield value;
    }
  }

  return {
    async run(work) {
      running++;
      // So that all who are to share are counted before the first of them reads.
      await Promise.resolve();
      try {
        await work(reading);
      } finally {
        running--;
        void step();
      }
    },
  };
}
