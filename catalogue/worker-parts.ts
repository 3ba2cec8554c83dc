/** Something to wait for that happens again and again. A ring that nobody waits for is not lost. */
export function createBell(): { ring(): void; next(): Promise<void> } {
  let rung = Promise.withResolvers<void>();
  return {
    ring: () => rung.resolve(),
    async next() {
      const current = rung;
      await current.promise;
      if (rung === current) rung = Promise.withResolvers();
    },
  };
}

/** Settles several at once: those that come while others are being settled go together. */
export function createSettler<Item>(
  settleAll: (items: readonly Item[]) => Promise<void>,
): (item: Item) => Promise<void> {
  let waiting: { item: Item; resolve(): void; reject(error: unknown): void }[] = [];
  let isRunning = false;
  const run = async () => {
    isRunning = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await settleAll(group.map(({ item }) => item));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    isRunning = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isRunning) void run();
    });
}
