/** The wall clock, in milliseconds since 1970; passed in so that tests can move it. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
