/** Lines that have scrolled off, and come back with a reattach. A line of 80 columns takes one KiB of the keeper. */
export const SCROLLBACK_LINES = 10_000;
