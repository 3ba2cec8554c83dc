import { readFileSync } from 'node:fs';

const EVERY_MS = 100;

/** Watches the memory of a process. `stop` gives the most that it had at a time, in megabytes, its threads included. */
export function watchMemory(pid: number): { stop(): number } {
  let peak = 0;
  const look = () => {
    try {
      const [, kilobytes = '0'] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      peak = Math.max(peak, Number(kilobytes) / 1024);
    } catch {
      // It has ended, and its last figure stands.
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}
