#!/bin/sh
# The watcher of one workspace's plain tasks, one process while any of them runs: holds their logs to their bound,
# and ends those past their time limit or wanted by no window any more. It holds no task: killed, it costs nothing but
# the bound until the next face of Holdfast looks in and starts another.
#
#   watch.sh WORKSPACE_DIRECTORY BOOT_ID PUNCH_METHOD(fallocate | perl) SCRIPTS_DIRECTORY(of stop.sh)
#
# For each running task there is a file running/bash_N, written by its starter, with one line:
#   OUTPUT_LIMIT_BYTES TIME_LIMIT_SEC(0: none) ON_SHUTDOWN(keep | terminate) STOP_GRACE_SEC LEASE_GRACE_SEC COOKIE
# Leases are empty files leases/PID.START_TIME, one per process that wants the workspace's tasks to live.
#
# POSIX sh only, and one function, for the reasons given in keeper.sh.

watch() {
  # Physical: the links in /proc/PID/fd name real paths.
  cd -P "$1" || exit 1
  boot_id=$2 punch_method=$3
  umask 077
  # By these GNU ls would write sizes, times and names in other ways than bound_logs and end_task read them.
  unset TIME_STYLE BLOCK_SIZE LS_BLOCK_SIZE BLOCKSIZE QUOTING_STYLE LS_COLORS
  identify "$$"
  uptime
  clock_offset=0
  # A container may have an uptime of its own, while start times count from the boot of its host.
  [ ! -r /proc/uptime ] || clock_offset=$((${now%.*}${now#*.} - start_time))
  myself="$$ $start_time $boot_id"
  claim
  fast_delay=0.1
  sleep 0.01 2>/dev/null || fast_delay=1
  delay=$fast_delay unleased_since= flooded=
  while :; do
    sleep "$delay"
    # Two starters may each have started a watcher: the one named last stays.
    read -r named <watcher || claim
    [ "$named" = "$myself" ] || exit 0
    set -- running/bash_*
    [ -e "$1" ] || leave
    delay=1
    uptime
    check_leases
    for marker in "$@"; do check_task "${marker#running/}"; done
    bound_logs "$@"
  done
}

claim() {
  named=$myself
  printf '%s\n' "$myself" >"watcher.$$" && mv -f "watcher.$$" watcher
}

# A starter writes its marker, then looks for a watcher; we take our name away, then look for markers. So one of the
# two sees the other.
leave() {
  rm -f watcher
  set -- running/bash_*
  [ -e "$1" ] || exit 0
  claim
}

check_task() {
  task=tasks/$1
  if [ ! -e "$task/task.json" ]; then
    rm -f "running/$1"
    return
  fi
  # bound_log lets go of what is over, unless there is no log.
  if [ -s "$task/exit.json" ]; then
    [ -e "$task/output.log" ] || rm -f "running/$1"
    return
  fi
  read -r limit_bytes time_limit_sec on_shutdown stop_grace_sec lease_grace_sec cookie <"running/$1" &&
    read -r record <"$task/keeper.json" || {
    # Its starter died before it started the keeper, or before it had written all of the marker.
    [ -z "$(find "running/$1" -mmin +1)" ] || rm -f "running/$1"
    return
  }
  command_record=${record##*\"command\":\{\"pid\":}
  command_pid=${command_record%%,*}
  command_start_time=${command_record#*\"startTime\":\"}
  command_start_time=${command_start_time%%\"*}
  if ! is_alive "$command_pid" "$command_start_time"; then
    forget_if_lost "$1"
    return
  fi
  if [ "$time_limit_sec" -gt 0 ]; then
    age_sec "$command_pid"
    [ "$age" -lt "$time_limit_sec" ] || stop "$1" time-limit
  fi
  if [ "$on_shutdown" = terminate ] && [ -n "$unleased_since" ] &&
    [ $((now_sec - unleased_since)) -ge "$lease_grace_sec" ]; then
    stop "$1" unleased
  fi
}

# Keeper, runner and command gone without an exit record: nobody will write one.
forget_if_lost() {
  for part in keeper runner; do
    part_record=${record##*\"$part\":\{\"pid\":}
    part_start_time=${part_record#*\"startTime\":\"}
    is_alive "${part_record%%,*}" "${part_start_time%%\"*}" && return
  done
  rm -f "running/$1"
}

# stop TASK REASON: in a subshell, since the grace period must not hold up the other tasks' bounds.
stop() {
  case " $stopping " in *" $1:$command_pid "*) return ;; esac
  stopping="$stopping $1:$command_pid"
  (end_task "$PWD/tasks/$1" "$cookie" "$2" "$stop_grace_sec" "$command_pid" "$record") &
}

check_leases() {
  for lease in leases/*; do
    holder=${lease#leases/}
    if is_alive "${holder%%.*}" "${holder#*.}"; then
      unleased_since=
      return
    fi
    [ -e "$lease" ] && rm -f "$lease"
  done
  [ -n "$unleased_since" ] || unleased_since=$now_sec
}

# bound_logs MARKER…: one ls for all of them; its fifth column is the size in bytes.
bound_logs() {
  logs=
  for marker in "$@"; do logs="$logs tasks/${marker#running/}/output.log"; done
  # shellcheck disable=SC2086 # our own names, without blanks
  sizes=$(LC_ALL=C ls -ln $logs)
  while read -r _ _ _ _ size_bytes _ _ _ log; do
    [ -n "$log" ] && bound_log "$log" "$size_bytes"
  done <<END
$sizes
END
}

# Keeps between 1 and 1.25 times the limit. How far the log was dropped is recorded before it is: a reader that finds
# NULs where it read finds out that they are a hole.
bound_log() {
  task=${1%/output.log}
  read -r limit_bytes _ <"running/${task#tasks/}" || return
  dropped_bytes=0
  [ -e "$task/dropped" ] && read -r dropped_bytes <"$task/dropped"
  kept_bytes=$(($2 - dropped_bytes))
  is_over=
  [ -s "$task/exit.json" ] && is_over=1
  if [ $((kept_bytes * 4)) -le $((limit_bytes * 5)) ]; then
    if [ -n "$is_over" ]; then
      rm -f "running/${task#tasks/}"
    elif [ $((kept_bytes * 8)) -gt $((limit_bytes * 5)) ]; then
      delay=$fast_delay
    fi
    return
  fi
  if [ -n "$is_over" ]; then
    is_left_to_readers "${task#tasks/}" && return
  else
    delay=$fast_delay
  fi
  # Holes are made of whole file system blocks.
  dropped_bytes=$((($2 - limit_bytes) / 4096 * 4096))
  printf '%s\n' "$dropped_bytes" >"$task/dropped.tmp" && mv -f "$task/dropped.tmp" "$task/dropped" &&
    punch "$1" "$dropped_bytes"
}

# A task that has ended in a flood is bounded a little later, so that who follows its output can read all of it.
# `flooded` has what waits for that: " bash_N:SINCE_SEC…", by the clock of `uptime`.
is_left_to_readers() {
  case $flooded in
    *" $1:"*)
      since=${flooded##*" $1:"}
      since=${since%% *}
      [ $((now_sec - since)) -lt 10 ] && return
      flooded=${flooded%" $1:$since"*}${flooded##*" $1:$since"}
      return 1
      ;;
  esac
  flooded="$flooded $1:$now_sec"
}

punch() {
  case $punch_method in
    fallocate) fallocate --punch-hole --offset 0 --length "$2" "$1" ;;
    # macOS: F_PUNCHHOLE of fcntl(2) with struct fpunchhole { flags, reserved, offset, length }
    perl) perl -e 'open(my $f, "+<", $ARGV[0]) or exit 1; my $hole = pack("LLqq", 0, 0, 0, $ARGV[1]);
      fcntl($f, 99, $hole) or exit 1' "$1" "$2" ;;
  esac
}

# Times are taken from the boot, not from the clock on the wall, which may jump.
uptime() {
  if [ -r /proc/uptime ]; then
    read -r now _ </proc/uptime
    now_sec=${now%.*}
  else
    now_sec=$(date +%s)
  fi
}

age_sec() {
  if [ -r /proc/uptime ]; then
    # The kernel gives start times to user space in hundredths of a second (USER_HZ).
    age=$((${now%.*}${now#*.} - start_time - clock_offset))
    age=$((age / 100))
  else
    age=$(LC_ALL=C ps -o etime= -p "$1" | awk -F'[-:]' '{ s = 0; d = NF == 4 ? $1 : 0
      for (i = NF == 4 ? 2 : 1; i <= NF; i++) s = s * 60 + $i; print d * 86400 + s }')
  fi
}

is_alive() {
  identify "$1" && [ "$start_time" = "$2" ] && [ "$state" != Z ]
}

identify() {
  if [ -r /proc/self/stat ]; then
    [ -r "/proc/$1/stat" ] && read -r stat_line <"/proc/$1/stat" || return 1
    set -f
    # shellcheck disable=SC2086 # the fields are wanted one by one
    set -- ${stat_line##*) }
    set +f
    state=$1
    shift 19
    start_time=$1
  else
    start_time=$(LC_ALL=C TZ=UTC0 ps -o lstart= -p "$1" | tr -s ' ' | sed 's/^ //; s/ $//')
    state=$(LC_ALL=C ps -o state= -p "$1" | cut -c1)
    [ -n "$start_time" ]
  fi
}

# shellcheck source=stop.sh
. "$4/stop.sh"
watch "$@" 2>/dev/null
exit
