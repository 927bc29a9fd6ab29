import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { everydayPrograms } from './everydayPrograms.ts';
import { createFolder, decideCommand } from './folder.ts';

/** Rules as people give them, each with what they expect it to cover. */
const everyday: readonly (readonly [rules: readonly string[], commands: readonly string[]])[] = [
  [
    ['Bash(git:*)'],
    [
      'git status',
      'git',
      'git log --oneline -20',
      'git log --author="$USER" --since=yesterday',
      'git diff HEAD~1 -- src/main.ts',
      'git show stash@{0}',
      'git rev-parse @{u}',
      'git add .',
      'git add src/*.ts',
      'git commit -m "fix(tasks): keep it — don\'t lose it"',
      "git commit -m 'a; b && c | d > e $(f) `g`'",
      'git commit -m "two\nlines"',
      'git commit -am "Grüße, 日本語, ünïcode"',
      'git push origin main',
      'git push -u origin HEAD',
      'git checkout -b feature/x',
      'git stash pop',
      'git --no-pager log -1',
      'git -C sub status',
      'git -C ./packages/a log -1',
      'git fetch --all --prune && git status',
      'git config --get user.name',
      'git grep -n "foo(bar)" -- "*.ts"',
      'git log --format=%H 2>/dev/null',
      'git diff > dist/a.patch',
      'git status 2>&1',
      'git blame -L 1,20 src/main.ts',
      'git merge --no-ff main',
      'git rebase main',
      'git tag -a v1 -m v1',
    ],
  ],
  [['Bash(git commit *)'], ['git commit', 'git commit -m x', 'git commit --amend --no-edit']],
  [
    ['Bash(npm run test:*)', 'Bash(npm install)', 'Bash(npm run build)'],
    [
      'npm run test',
      'npm run test -- --watch',
      'npm run test -- -c jest.config.js --config x',
      'npm run test -- src/a.test.ts -t "a name"',
      'CI=1 npm run test',
      'NODE_ENV=test FORCE_COLOR=1 npm run test',
      'LC_ALL=C.UTF-8 TZ=Europe/Berlin npm run test',
      'npm install && npm run build',
      'npm install; npm run build; npm run test',
      'npm install &&\nnpm run build',
      'npm install && \\\n  npm run build',
      '# first install\nnpm install\n\n# then build\nnpm run build',
      'timeout 60 npm run test',
      'timeout -k 5 --signal=INT 60s npm run test',
      'time npm run test',
      'nice -n 10 npm run test',
      'nohup npm run test > dist/log.txt 2>&1 &',
      'env CI=true npm run test',
      'cd packages/a && npm run test',
      'cd "packages/a" && npm run build && npm run test',
      '(cd sub; npm run test)',
      'if npm run build; then npm run test; fi',
      'if [ -f package.json ]; then npm install; fi',
      '[[ -d node_modules ]] || npm install',
      'npm run build || true',
      'npm run build || exit 1',
      'set -e; npm run build',
      'set -euo pipefail\nnpm run build',
      'for i in 1 2 3; do npm run test; done',
      'while ! npm run build; do npm install; done',
      '{ npm install; npm run build; }',
      'npm run build &>/dev/null',
      'npm run build >/dev/null 2>&1 </dev/null',
      'npm run build 2>&-',
      'pwd && npm run build',
    ],
  ],
  [
    [
      'Bash(ls:*)',
      'Bash(cat:*)',
      'Bash(grep:*)',
      'Bash(head:*)',
      'Bash(wc:*)',
      'Bash(sort:*)',
    ].concat([
      'Bash(find:*)',
      'Bash(echo:*)',
      'Bash(rg:*)',
      'Bash(sed:*)',
      'Bash(awk:*)',
      'Bash(jq:*)',
    ]),
    [
      'ls -la',
      'ls -la src/ | head -5',
      'ls *.json',
      'ls ~/projects',
      'ls {src,test}',
      'cat package.json | jq ".scripts"',
      'cat < package.json',
      'cat src/main.ts src/*.ts | wc -l',
      'grep -rn "TODO: (x|y)" src --include="*.ts"',
      `grep -E '^(a|b)$' file`,
      'grep "$HOME" file',
      "find . -name '*.ts' -not -path './node_modules/*' | wc -l",
      String.raw`find . \( -name a -o -name b \) -type f`,
      'find src -newer package.json -print0 | xargs -0 grep -l foo',
      'find . -name "*.log" | sort | head -n 20',
      'ls | xargs -n 1 -I{} echo "file {}"',
      'echo "done: $?"',
      'echo $PATH ${HOME}',
      "echo 'it'\\''s'",
      String.raw`echo a\ b \; c`,
      'echo hello > dist/out.txt',
      'echo hello >> dist/out.txt 2>&1',
      'echo hello | sort -u -t , -k 2',
      'echo a#b c\\#d # a comment',
      'grep foo <<< "foo bar"',
      "sed -n '1,20p' src/main.ts",
      "sed 's/foo/bar/g' src/main.ts",
      "awk '{print $1, $NF}' file",
      "awk -F: '{ sum += $2 } END { print sum }' file",
      'rg -n --glob "!dist" foo src',
      'case x in a|b) ls;; *) echo no;; esac',
      'echo !',
      'ls | grep -v "^a" | sort | wc -l',
    ],
  ],
  [
    ['Bash(node scripts/*)', 'Bash(python3 -m pytest *)', 'Bash(bash scripts/build.sh)'].concat([
      'Bash(cargo test:*)',
      'Bash(make:*)',
      'Bash(./gradlew *)',
      'Bash(mkdir:*)',
      'Bash(cp:*)',
      'Bash(rm dist/*)',
    ]),
    [
      'node scripts/build.mjs',
      'python3 -m pytest -q tests',
      'bash scripts/build.sh',
      'cargo test -- --nocapture',
      'make -j4 all',
      'make test V=1',
      './gradlew build --info',
      'mkdir -p dist/a dist/b',
      'mkdir -p dist && cp src/main.ts dist/',
      'rm dist/a.js',
    ],
  ],
  [
    [
      'Bash(sudo apt install:*)',
      'Bash(command -v:*)',
      'Bash(docker compose:*)',
      'Bash(curl https://example.com/*)',
    ],
    [
      'sudo apt install jq',
      'command -v node',
      'docker compose up -d',
      'curl https://example.com/a',
    ],
  ],
  // A whole line that a person has seen may hold what no pattern covers.
  [
    [
      'Bash(echo $(date) > build.log)',
      'Bash(cat <<EOF\nhello\nEOF)',
      'Bash(node -e "console.log(1)")',
      "Bash(find . -name '*.tmp' -delete)",
    ],
    [
      'echo $(date) > build.log',
      'cat <<EOF\nhello\nEOF',
      'node -e "console.log(1)"',
      "find . -name '*.tmp' -delete",
    ],
  ],
];

describe('an approval of a program covers', () => {
  for (const [names, commands] of everydayPrograms) {
    it(`what people do with ${names.split(' ').slice(0, 3).join(', ')}, … (${commands.length})`, async (t) => {
      const { folder } = await createFolder(t);
      const allow = names.split(' ').map((name) => `Bash(${name}:*)`);
      for (const command of commands) {
        const { decision, reason } = await decideCommand(folder, command, { allow });
        assert.equal(decision, 'allow', `${command}: ${reason}`);
      }
    });
  }
});

describe('an everyday command is allowed by the rules that fit it', () => {
  for (const [rules, commands] of everyday) {
    it(`${rules[0] ?? ''} … (${commands.length})`, async (t) => {
      const { folder } = await createFolder(t);
      for (const command of commands) {
        const { decision, reason } = await decideCommand(folder, command, { allow: rules });
        assert.equal(decision, 'allow', `${command}: ${reason}`);
        // And by these rules alone.
        const without = await decideCommand(folder, command, { allow: ['Bash(other)'] });
        assert.equal(without.decision, 'ask', command);
      }
    });
  }

  it('holds no fewer than 100 of them', () => {
    assert.ok(everyday.flatMap(([, commands]) => commands).length >= 100);
  });
});
