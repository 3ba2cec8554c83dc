import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Where postgres.js has read that a server is: several hosts to be tried in turn, or the path of a Unix socket. */
export interface ServerAddress {
  host: string[];
  port: number[];
  path: string | false;
}

/**
 * Connects to the first host that answers. What is written is sent at once: otherwise the last part of each larger
 * message waits until the other side has confirmed the part before it (Nagle's algorithm), which takes 40 ms on Linux
 * and makes COPY slower than anything else. The socket is destroyed when `signal` fires, whatever state it is in.
 * Rejects with Node's error for the last host.
 */
export async function openSocket({ host, port, path }: ServerAddress, signal: AbortSignal): Promise<Socket> {
  // Node would connect all the same.
  signal.throwIfAborted();
  if (path !== false) return connected(connect({ path, signal }));
  let fault: unknown;
  for (const [index, name] of host.entries()) {
    try {
      const socket = await connected(
        connect({ host: name, port: Number(port[index]), noDelay: true, signal }),
      );
      // By this name postgres.js asks for the server's certificate.
      return Object.assign(socket, { host: name });
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

async function connected(socket: Socket): Promise<Socket> {
  await once(socket, 'connect');
  return socket;
}
