# How watch.sh ends one plain task when nobody else is there to do it: SIGTERM to its whole tree, a grace period, SIGKILL
# to the rest. What belongs to the tree is told by three signs, as in core/processes: descent from the command, the
# cookie in the environment, the task's log open for writing.
#
# Read by watch.sh when it starts, not when it needs it: an update may have taken the file away by then.

# end_task TASK_DIRECTORY COOKIE REASON(time-limit | unleased) GRACE_SEC COMMAND_PID KEEPER_RECORD, in a subshell
end_task() {
  task_directory=$1 cookie=$2 reason=$3 grace_sec=$4 command_pid=$5 keeper_record=$6
  keeper_pid=${6##*\"keeper\":\{\"pid\":}
  keeper_pid=${keeper_pid%%,*}
  runner_pid=${6##*\"runner\":\{\"pid\":}
  runner_pid=${runner_pid%%,*}
  umask 077
  # Whoever asked first stays named: noclobber opens with O_EXCL.
  set -C
  printf '{"v":1,"by":"keeper","reason":"%s"}\n' "$reason" >"$task_directory/stop.json"
  set +C
  look
  for pid in $tree; do
    # A stopped process acts on SIGTERM when it is continued.
    kill -TERM "$pid" && kill -CONT "$pid"
  done
  while [ "$grace_sec" -gt 0 ] && [ -n "$tree" ]; do
    sleep 1
    grace_sec=$((grace_sec - 1))
    look
  done
  rounds=0
  while [ "$rounds" -lt 50 ] && [ -n "$tree" ]; do
    # shellcheck disable=SC2086 # a list of pids
    kill -KILL $tree
    rounds=$((rounds + 1))
    look
  done
}

# Puts the task's processes into $tree. When the task has been restarted meanwhile, they are no longer ours to end: a
# restart moves the record away before anything new runs, so what was found before this look at it is of our run.
look() {
  tree=$(find_tree)
  [ -e "$task_directory/task.json" ] || return
  line=
  read -r line <"$task_directory/keeper.json"
  [ "$line" = "$keeper_record" ] || tree=
}

# The task's live processes, one pid a line.
find_tree() {
  {
    if [ -r /proc/self/stat ]; then list_proc; else list_ps; fi | pick_tree
  } | sort -u | while read -r pid; do
    case $pid in "$keeper_pid" | "$runner_pid" | $$ | 1) continue ;; esac
    is_zombie "$pid" || printf '%s\n' "$pid"
  done
}

# Lines "parent PID PARENT", "marked PID" (has any task's cookie), "own PID" (has ours, or writes to our log).
list_proc() {
  # The name between pid and parent may hold anything.
  sed -n 's/^\([0-9][0-9]*\) (.*) [A-Za-z] \([0-9][0-9]*\) .*/parent \1 \2/p' /proc/[0-9]*/stat
  grep -lz '^HOLDFAST_TASK=' /proc/[0-9]*/environ | sed 's|/proc/\([0-9]*\)/.*|marked \1|'
  grep -lzFx "HOLDFAST_TASK=$cookie" /proc/[0-9]*/environ | sed 's|/proc/\([0-9]*\)/.*|own \1|'
  # The mode of the link tells how the descriptor was opened: a reader of the log is not part of the task.
  ls -ln /proc/[0-9]*/fd | awk -v log_path="$task_directory/output.log" '
    /^\/proc\// { split($0, part, "/"); next }
    substr($1, 3, 1) == "w" {
      target = substr($0, index($0, " -> ") + 4)
      if (target == log_path || target == log_path " (deleted)") print "own", part[3]
    }'
}

list_ps() {
  ps -A -o pid=,ppid= | sed 's/^/parent /'
  # -E shows the environment behind the command line; ps(1) of macOS
  ps -A -E -w -w -o pid=,command= | awk -v cookie="HOLDFAST_TASK=$cookie" '
    {
      for (i = 2; i <= NF; i++) {
        if ($i == cookie) print "own", $1
        else if ($i ~ /^HOLDFAST_TASK=/) print "marked", $1
      }
    }'
}

# Down from the command, but not into another task that was started from this one, and what is marked as ours.
pick_tree() {
  awk -v root="$command_pid" '
    $1 == "parent" { parent[$2] = $3 }
    $1 == "marked" { marked[$2] = 1 }
    $1 == "own" { own[$2] = 1 }
    END {
      inside[root] = root in parent
      do {
        grown = 0
        for (pid in parent) {
          if (inside[pid] || !inside[parent[pid]] || ((pid in marked) && !(pid in own))) continue
          inside[pid] = grown = 1
        }
      } while (grown)
      for (pid in inside) if (inside[pid]) print pid
      for (pid in own) print pid
    }'
}

is_zombie() {
  if [ -r /proc/self/stat ]; then
    read -r line <"/proc/$1/stat" || return 0
    case ${line##*) } in Z* | X*) return 0 ;; *) return 1 ;; esac
  else
    case $(ps -o state= -p "$1") in '' | Z*) return 0 ;; *) return 1 ;; esac
  fi
}
