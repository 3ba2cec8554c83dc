/** Runs tasks, so many at a time, in the order in which they come. */
export interface Slots {
  run<T>(task: () => Promise<T>): Promise<T>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async run(task) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await task();
      } finally {
        // Handed on rather than freed, so that no newcomer comes before those who wait.
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}
