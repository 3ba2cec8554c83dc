import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { CONNECT_TIMEOUT_S } from './limits.ts';

const MS_PER_S = 1_000;
const DEFAULT_PORT = 5432;

/** What postgres.js has made of the address; a path is that of a Unix socket. */
interface Address {
  host: readonly string[];
  port: readonly number[];
  path?: string | false;
}

/**
 * A connection that sends at once. Otherwise the last part of each larger message waits for the other side to confirm
 * the part before it (Nagle's algorithm), which takes 40 ms on Linux and makes COPY slower than anything else. Several
 * hosts are tried in their order. Rejects with the error of the last.
 */
export async function connectAtOnce({ host, port, path }: Address): Promise<Socket> {
  if (path) return opened(connect({ path }));
  let fault: unknown;
  for (const [index, name] of host.entries()) {
    try {
      const socket = await opened(connect({ host: name, port: port[index] ?? DEFAULT_PORT, noDelay: true }));
      // postgres.js reads the name for TLS from here.
      return Object.assign(socket, { host: name });
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

async function opened(socket: Socket): Promise<Socket> {
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_S * MS_PER_S) });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
