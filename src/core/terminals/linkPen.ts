import type { Terminal } from '@xterm/headless';
import { linkIdOf } from './sgr.ts';
import { stateOf, type Attributes } from './screenState.ts';

const ESC = '\x1b';
const ST = `${ESC}\\`;

/** Writes which text leads where (OSC 8), as one goes along cells. Without a link to begin with. */
export class LinkPen {
  readonly #terminal: Terminal;
  #id = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** What comes before text with these attributes: nothing, unless it leads elsewhere than the text before it. */
  to(attributes: Attributes): string {
    return this.#toId(linkIdOf(attributes));
  }

  end(): string {
    return this.#toId(0);
  }

  #toId(id: number): string {
    if (id === this.#id) return '';
    this.#id = id;
    const link = stateOf(this.#terminal)._oscLinkService.getLinkData(id);
    // The parts of one link, on several rows, are shown as one by their name.
    return link === undefined
      ? `${ESC}]8;;${ST}`
      : `${ESC}]8;id=${link.id ?? `holdfast-${id}`};${link.uri}${ST}`;
  }
}
