#!/bin/sh
# The keeper of one plain task: starts its command, and records who runs and how it ended.
#
#   keeper.sh TASK_DIRECTORY BOOT_ID PROGRAM [ARGUMENT…]
#
# The command writes to output.log itself, so the kernel does the copying and nothing here can lose or delay a byte.
# Append mode: whatever process of whatever run writes, it writes at the end. Three processes come of it: the keeper,
# its runner (a fork of the keeper that waits for the command and writes exit.json), and the command. SIGKILL of the
# keeper leaves the exit code to the runner; SIGKILL of the runner leaves it to the keeper to say that nobody knows the
# code. On Linux nothing but the command is executed until it has ended: a task starts as fast as a fork and an exec.
# What can be done in the fork that becomes the command is done there: memory that it touches is gone with the exec,
# while what keeper and runner touch is paid for as long as the task runs.
#
# POSIX sh only (dash, bash, busybox, ksh). All of it is one function, so that the shell has read the whole file before
# the first command runs, and an update of the file cannot change a running keeper.

keep() {
  task_directory=$1 boot_id=$2
  shift 2
  # What a shell says about a killed child does not belong in the command's output.
  exec >>"$task_directory/output.log" 2>/dev/null
  # A handler, not "ignore": the command gets the default back, and we stay until its end is recorded.
  trap : HUP INT TERM
  (
    trap : HUP INT TERM
    (
      trap - HUP INT TERM
      umask=$(umask)
      umask 077
      write_record
      # What cannot be recorded (the disk is full) must not run: nobody would know of it.
      [ -s "$task_directory/keeper.json" ] || exit 1
      umask "$umask"
      exec "$@" 2>&1
    )
    record_exit "$?"
  ) || outlive_runner
}

# Called by what becomes the command. In a forked subshell $$ still names the shell that forked it: the keeper; the
# process between the two is the runner. One short write(2) into a new file: a reader sees all of it, or none yet.
write_record() {
  if [ -r /proc/self/stat ]; then
    read -r self _ </proc/self/stat
  else
    self=$(exec sh -c 'echo "$PPID"')
  fi
  identify "$self" || return
  command=$record
  identify "$parent" || return
  runner=$record
  # Another parent has taken the runner's place: it was killed, and nobody would write how the command ended.
  [ "$parent" = "$$" ] && identify "$$" || return
  printf '{"v":1,"keeper":%s,"runner":%s,"command":%s}\n' "$record" "$runner" "$command" >|"$task_directory/keeper.json"
}

# identify PID: its start time, state, parent, and how it is recorded. On Linux from the line of proc(5) stat, whose
# field 22 is the start time, and where the name in field 2 may hold blanks and brackets; elsewhere from ps, in a zone
# that knows no summer time.
identify() {
  pid=$1
  if [ -r /proc/self/stat ]; then
    read -r line <"/proc/$pid/stat" || return 1
    set -f
    # shellcheck disable=SC2086 # the fields are wanted one by one
    set -- ${line##*) }
    set +f
    state=$1 parent=$2
    shift 19
    start_time=$1
  else
    start_time=$(LC_ALL=C TZ=UTC0 ps -o lstart= -p "$pid" | tr -s ' ' | sed 's/^ //; s/ $//')
    state=$(LC_ALL=C ps -o state= -p "$pid" | cut -c1)
    parent=$(LC_ALL=C ps -o ppid= -p "$pid" | tr -d ' ')
    [ -n "$start_time" ] || return 1
  fi
  record="{\"pid\":$pid,\"startTime\":\"$start_time\",\"bootId\":\"$boot_id\"}"
}

# record_exit CODE: a full disk is waited out.
record_exit() {
  umask 077
  while is_current; do
    printf '{"v":1,"code":%s}\n' "$1" >|"$task_directory/exit.json"
    [ -s "$task_directory/exit.json" ] && return
    sleep 1
  done
  return 0
}

# Whether the task is there and its current run is ours. A restart moves our record away; how the next run ends is not
# ours to tell.
is_current() {
  record=
  read -r record <"$task_directory/keeper.json"
  case $record in *"\"keeper\":{\"pid\":$$,"*) ;; *) return 1 ;; esac
}

# The runner was killed. The command may go on; when it is gone, say that its exit code is not known.
outlive_runner() {
  is_current || return
  record=${record##*\"command\":\{\"pid\":}
  command_pid=${record%%,*}
  command_start_time=${record#*\"startTime\":\"}
  command_start_time=${command_start_time%%\"*}
  while is_command_alive; do sleep 1; done
  record_exit null
}

is_command_alive() {
  identify "$command_pid" && [ "$start_time" = "$command_start_time" ] && [ "$state" != Z ]
}

keep "$@"
exit
