import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { PRIVATE_FILE_MODE } from '../common/atomicFile.ts';
import { encodeFrame, FrameType } from './frames.ts';
import { Peer, type PeerListener } from './peer.ts';
import type { TerminalScreen } from './screen.ts';
import type { ScannedOutput } from './sequenceScanner.ts';
import { isSameSize, type TerminalSize } from './terminalSize.ts';

/** Far above what a person opens; a program gone mad must not use up the keeper's descriptors. */
const MAX_PEERS = 200;
/** How long one that is attached may take to read the end before the keeper goes. */
const FAREWELL_MS = 30_000;

/** What a server shows and drives; set when the program has been started. */
export interface ServedTerminal {
  write(bytes: Buffer): Promise<void>;
  resize(size: TerminalSize): void;
}

/** The door to a kept terminal: shows its screen to all who attach, and passes on what they type. */
export class TerminalServer {
  readonly #screen: TerminalScreen;
  readonly #server: Server;
  readonly #peers = new Set<Peer>();
  #path: string | undefined;
  #terminal: ServedTerminal | undefined;
  #leader: Peer | undefined;
  /** Output of this turn of the event loop, which goes out in one piece. */
  #pending: ScannedOutput[] = [];

  constructor(id: string, screen: TerminalScreen) {
    this.#screen = screen;
    this.#server = createServer((socket) => {
      if (this.#peers.size >= MAX_PEERS) socket.destroy();
      else this.#peers.add(new Peer(socket, { id }, this.#listener));
    });
  }

  /** Resolves when others can connect. The directory is the user's alone, which is what protects it everywhere. */
  async listen(path: string): Promise<void> {
    const mask = process.umask(0o177);
    try {
      const listening = new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(path, resolve);
      });
      await listening;
    } finally {
      process.umask(mask);
    }
    this.#path = path;
    if (process.platform !== 'win32') chmodSync(path, PRIVATE_FILE_MODE);
    this.#server.on('error', () => undefined);
  }

  serve(terminal: ServedTerminal): void {
    this.#terminal = terminal;
  }

  show(output: ScannedOutput): void {
    if (this.#peers.size === 0) return;
    if (this.#pending.length === 0)
      setImmediate(() => {
        this.#flush();
      });
    this.#pending.push(output);
  }

  showTitle(title: string): void {
    for (const peer of this.#peers) peer.tellTitle(title);
  }

  /** Tells all who are attached that the program has ended, after they have been shown everything; then closes. */
  async end(exitCode: number): Promise<void> {
    this.#flush();
    this.#server.close();
    if (this.#path !== undefined) rmSync(this.#path, { force: true });
    for (const peer of this.#peers) {
      if (peer.isBehind) this.#showAll(peer, peer.scrollbackAgain);
      peer.end(FrameType.end, { exitCode }, FAREWELL_MS);
    }
    const deadline = performance.now() + FAREWELL_MS;
    while (this.#peers.size > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const peer of this.#peers) peer.close();
  }

  readonly #listener: PeerListener = {
    onGreeted: (peer) => {
      if (!peer.isShown) return;
      this.#lead(peer);
      // What waits to go out is on the screen already.
      this.#flush();
      this.#showAll(peer, peer.scrollback);
    },
    onInput: (peer, bytes) => {
      if (peer.isShown && !isReport(bytes)) this.#lead(peer);
      return this.#terminal?.write(bytes) ?? Promise.resolve();
    },
    onResize: (peer) => {
      if (peer === this.#leader) this.#lead(peer);
    },
    onReady: (peer) => {
      this.#flush();
      this.#showAll(peer, peer.scrollbackAgain);
    },
    onGone: (peer) => {
      this.#peers.delete(peer);
      if (peer !== this.#leader) return;
      this.#leader = undefined;
      const next = [...this.#peers].filter(({ isShown }) => isShown).at(-1);
      if (next !== undefined) this.#lead(next);
    },
  };

  /** The last who typed, or came, decides the size: there is one screen, and terminals of several sizes. */
  #lead(peer: Peer): void {
    if (this.#leader !== peer) {
      this.#flush();
      if (this.#leader !== undefined) this.#leader.isLeader = false;
      this.#leader = peer;
      peer.isLeader = true;
      // The set is in the order in which they led last.
      this.#peers.delete(peer);
      this.#peers.add(peer);
    }
    if (peer.size === undefined || isSameSize(peer.size, this.#screen.size)) return;
    this.#flush();
    this.#screen.resize(peer.size);
    this.#terminal?.resize(peer.size);
    for (const other of this.#peers) {
      other.tellSize(this.#screen.size);
    }
  }

  #showAll(peer: Peer, scrollback: number): void {
    const { size, title } = this.#screen;
    peer.showScreen({ size, title, picture: this.#screen.snapshot(scrollback) });
  }

  #flush(): void {
    const outputs = this.#pending;
    if (outputs.length === 0) return;
    this.#pending = [];
    const forLeader = frameOf(outputs.map(({ shown }) => shown));
    const forOthers = frameOf(outputs.map(({ shownToOthers }) => shownToOthers));
    for (const peer of this.#peers) peer.showOutput(peer.isLeader ? forLeader : forOthers);
  }
}

function frameOf(parts: readonly Buffer[]): Buffer {
  return encodeFrame(FrameType.output, Buffer.concat(parts));
}

const ESC = 0x1b;
const BRACKET = 0x5b;
const FOCUS_IN = 0x49;
const FOCUS_OUT = 0x4f;

/** A terminal tells by itself that it got or lost the focus: nobody typed. */
function isReport(bytes: Buffer): boolean {
  const [first, second, third] = bytes;
  const isFocus = third === FOCUS_IN || third === FOCUS_OUT;
  return bytes.length === 3 && first === ESC && second === BRACKET && isFocus;
}
