// Appends numbered messages to a session for ever, and says each number once it is acknowledged.
//   node --import tsx appendsMessages.ts HOME FOLDER SESSION NAME
import { writeSync } from 'node:fs';
import { Journal } from '../../src/core/sessions/journal.ts';
import { openSessions, userMessage } from './sessions.ts';

const [home = '', folder = '', id = '', name = ''] = process.argv.slice(2);
const { host } = openSessions(home, folder);
const journal = new Journal(host, id);
// Some lines are longer than a page, so that they can be torn.
const filler = 'x'.repeat(9000);

writeSync(1, 'ready\n');
for (let number = 1; ; number += 1) {
  const words = `${name}:${String(number)}`;
  journal.append(userMessage(number % 5 === 0 ? `${words} ${filler}` : words));
  writeSync(1, `${String(number)}\n`);
}
