const lines = (text: string): string[] => text.trim().split('\n');

/** What people allow as a whole, each with what they then do not want to be asked about. */
export const everydayPrograms: readonly (readonly [rules: string, commands: readonly string[]])[] =
  [
    [
      'npm npx node yarn pnpm bun deno tsc eslint prettier jest vitest tail tee',
      lines(`
npm --version
npm ci
npm -s run x
npm run test -- --grep /api/users
npm install --save-dev typescript
npm view typescript version
npx tsc --noEmit
npx eslint . --fix
npx vitest run src/a.test.ts
node scripts/build.js --watch
node --test test/
VERBOSE=1 npm test
MY_SWITCH=1 npm test
npm run build 2>&1 | tail -20
npm test > out.log 2>&1
npm test | tee out.log
(cd sub && npm test)
nohup npm start > server.log 2>&1 &
tsc --noEmit -p tsconfig.json
eslint src --ext .ts
prettier --check "src/**/*.ts"
jest --coverage
yarn install --frozen-lockfile
yarn workspace a build
pnpm -r build
pnpm --filter a test
bun run dev
deno test`),
    ],
    [
      'python3 pytest pip ruff cargo go make cmake ninja gcc dotnet mvn gradle bundle php',
      lines(`
python3 --version
python3 -m pytest tests -k "a and b"
python3 -m venv .venv
python3 scripts/x.py --out dist/a
pytest -x -q tests/test_a.py::test_b
pip install -r requirements.txt
pip freeze > requirements.txt
cargo build --release
cargo --version
cargo clippy -- -D warnings
go test ./...
go run ./cmd/server
go build -ldflags "-s -w" ./cmd/x
make -j8
make test V=1
make PREFIX=dist install
cmake -B build -S .
cmake --build build
ninja -C build
gcc -O2 -Wall -Iinclude -o a.out a.c
dotnet test
mvn -q test
bundle install
php -l x.php`),
    ],
    [
      'git gh docker kubectl curl jq terraform ssh rsync tar unzip sqlite3',
      lines(`
git status && git diff
git diff --stat HEAD~3..HEAD
git show HEAD:src/main.ts
git stash list
git clone https://github.com/a/b.git
git clone git@github.com:a/b.git sub/b
git config user.name
git worktree list
git add -A && git commit -m "feat: x (y) [z] & more; done"
gh pr view 12
gh pr list --state open
docker ps -a
docker compose up -d
docker compose logs -f web
docker build -t x .
kubectl get pods -n x
curl -s https://example.com/api | jq .
curl -sSL -X POST -H "Content-Type: application/json" -d '{"a":1}' http://localhost:3000/api
terraform plan
ssh host uptime
rsync -av src/ sub/
tar czf x.tgz src
tar -xzf x.tgz
unzip -l x.zip
sqlite3 db.sqlite 'select count(*) from t'`),
    ],
    [
      'ls cat find grep rg wc sort uniq head cut tr du diff ps xargs echo sed awk date which sleep kill',
      lines(`
ls -la /tmp
ls ~
cat /etc/os-release
find . -type f -print0 | xargs -0 wc -l
grep -rn foo src | wc -l
sort a.txt | uniq -c | sort -rn | head
cut -d: -f1 /etc/passwd
tr 'a-z' 'A-Z' < src/main.ts
du -sh .
ps aux | grep node
date +%Y-%m-%d
diff a.txt b.txt
sleep 5 && ls
kill -9 123
ls src | xargs -I{} echo "file {}"
sed -n '1,5p' src/main.ts
awk '{print $1}' src/main.ts
rg foo src ./*.md`),
    ],
    [
      'sed awk wc echo mkdir tail tar curl jq git head xargs grep find npm npx tee sleep node docker kubectl cargo go ' +
        'python3 pip less pandoc test',
      lines(String.raw`
sed -n "10,20p;30q" src/main.ts
sed -e 's/^/> /' -e '/^$/d' src/main.ts
sed -E 's/[0-9]+\.[0-9]+/x/g; s/a b/c/' src/main.ts
sed '$!d' src/main.ts
sed -ne '/start/,/end/p' src/main.ts
awk 'NR>1 && $3 > 10 { print $1 "," $2 }' data.csv
awk '/start/,/end/' file | wc -l
[ -n "$CI" ] && echo ci
[[ "$NODE_ENV" == "test" ]] || echo other
test -d dist || mkdir -p dist
echo "node_modules/" >> .gitignore
echo "API=1" > .env.example
tail -n +2 a.csv > dist/b.csv
tar -czf dist/x.tgz src
tar -xzf dist/x.tgz -C dist
curl -sSf http://localhost:3000/health
curl -s -X POST -H 'Content-Type: application/json' -d '{"a":1}' http://localhost:3000/api | jq .
git log -p -S"foo(" -- src/main.ts
git diff --name-only main...HEAD
git show HEAD~2:src/main.ts | head -50
git rebase --onto main feat~3 feat
git reset --soft HEAD~1
git push --force-with-lease origin HEAD
git ls-files -z | xargs -0 wc -l
grep -RIn --exclude-dir=node_modules "TODO" .
grep -oP '"version": "\K[^"]+' package.json
find . -name node_modules -prune -o -name '*.ts' -print
npm test -- --testPathPattern="foo.*bar"
npm ls --depth=0 2>/dev/null | tail -n +2
npm run build --workspace=packages/a
npm test 2>&1 | tee dist/test.log | tail -5
npx prettier --write "src/**/*.{ts,tsx}"
(npm run a & npm run b & wait)
while ! curl -sf http://localhost:3000; do sleep 1; done
node --inspect src/server.js
node --inspect=9230 src/server.js
docker compose up -d --build
docker compose logs -f --tail=50 web
docker build -t app:dev .
kubectl get pods -n dev -o wide
cargo test --workspace -- --test-threads=1
go test -race -count=1 ./...
python3 manage.py migrate
pip list --outdated
less src/main.ts
pandoc README.md -o dist/README.html
for i in 1 2 3; do echo hello; done`),
    ],
  ];
