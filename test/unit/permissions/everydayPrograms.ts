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
  ];
