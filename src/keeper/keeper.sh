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
  look_at_self
  keeper=$self
  (
    trap : HUP INT TERM
    look_at_self
    runner=$self
    (
      trap - HUP INT TERM
      look_at_self
      umask=$(umask)
      umask 077
      write_record "$keeper" "$runner" "$self"
      # What cannot be recorded (the disk is full) must not run: nobody would know of it.
      [ -s "$task_directory/keeper.json" ] || exit 1
      umask "$umask"
      exec "$@" 2>&1
    )
    record_exit "$?"
  ) || outlive_runner
}

# In a forked subshell $$ still names the shell that forked it. On Linux the line of proc(5) stat tells pid and start
# time; elsewhere ps does, in a zone that knows no summer time.
look_at_self() {
  if [ -r /proc/self/stat ]; then
    read -r self </proc/self/stat
  else
    self=$(exec sh -c 'echo "$PPID"')
  fi
}

# One short write(2) into a new file: a reader sees all of it, or none yet.
write_record() {
  for process in "$@"; do
    identify "$process"
    set -- "$@" "{\"pid\":$pid,\"startTime\":\"$start_time\",\"bootId\":\"$boot_id\"}"
  done
  printf '{"v":1,"keeper":%s,"runner":%s,"command":%s}\n' "$4" "$5" "$6" >|"$task_directory/keeper.json"
}

# identify LINE_OF_STAT_OR_PID; the start time is field 22, and the name in field 2 may hold blanks and brackets.
identify() {
  pid=${1%% *}
  if [ -r /proc/self/stat ]; then
    set -f
    # shellcheck disable=SC2086 # the fields are wanted one by one
    set -- ${1##*) }
    set +f
    state=$1
    shift 19
    start_time=$1
  else
    start_time=$(LC_ALL=C TZ=UTC0 ps -o lstart= -p "$pid" | tr -s ' ' | sed 's/^ //; s/ $//')
    state=$(LC_ALL=C ps -o state= -p "$pid" | cut -c1)
    [ -n "$start_time" ]
  fi
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
  case $record in *"\"keeper\":{\"pid\":${keeper%% *},"*) ;; *) return 1 ;; esac
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
  line=$command_pid
  if [ -r /proc/self/stat ]; then
    read -r line <"/proc/$command_pid/stat" || return 1
  fi
  identify "$line" && [ "$start_time" = "$command_start_time" ] && [ "$state" != Z ]
}

keep "$@"
exit
