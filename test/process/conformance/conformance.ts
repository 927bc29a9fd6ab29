import { describe } from 'node:test';
import { describeCommands } from './commands.ts';
import { describeEnding } from './ending.ts';
import { describeOutput } from './output.ts';
import { describePolicy } from './policy.ts';
import { describeRestart } from './restart.ts';
import type { KeeperVariant } from './variant.ts';

/** What every keeper has to do, whatever it is written in. */
export function describeKeeper(variant: KeeperVariant): void {
  void describe(variant.title, { skip: variant.skip }, () => {
    describeCommands(variant);
    describeOutput(variant);
    describeEnding(variant);
    describePolicy(variant);
    describeRestart(variant);
  });
}
