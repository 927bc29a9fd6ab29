#!/bin/sh
# Claude Code has ended the process that stood for a task in its tree. When it has stopped the task, the task ends too;
# when it is on its way out itself, the task goes on.
#
#   claude-stopped.sh TASK_DIRECTORY CLAUDE_PID CLAUDE_REGISTRY STOPPING
#
# STOPPING is the file by which the hook says that the tool for it was called. Stopping by hand leaves no such sign, so
# it is told by what Claude does next: on its way out it takes its entry out of its registry of live processes at
# once (none given: it had none), and is gone soon. One that goes on has stopped the task.
#
# POSIX sh only, and one function, for the reasons given in keeper.sh.

judge() {
  task_directory=$1 claude=$2 registry=$3 stopping=$4
  # What is to come is read now: an update may take the file away.
  . "${0%/*}/stop.sh"
  began=$(began_at "$claude")
  rounds_left=25
  while [ "$rounds_left" -gt 0 ]; do
    if [ -e "$stopping" ]; then
      rm -f "$stopping"
      break
    fi
    [ -n "$began" ] && [ "$(began_at "$claude")" = "$began" ] || exit 0
    [ -z "$registry" ] || [ -e "$registry" ] || exit 0
    sleep 0.2 2>/dev/null || sleep 1
    rounds_left=$((rounds_left - 1))
  done
  stop
}

# Empty for a process that is gone; a zombie is.
began_at() {
  if [ -r /proc/self/stat ]; then
    line=
    read -r line 2>/dev/null <"/proc/$1/stat" || return 0
    set -f
    # shellcheck disable=SC2086 # the fields are wanted one by one
    set -- ${line##*) }
    set +f
    [ "$1" != Z ] || return 0
    shift 19
    printf '%s\n' "$1"
  else
    case $(ps -o state= -p "$1") in '' | Z*) return 0 ;; esac
    LC_ALL=C ps -o lstart= -p "$1"
  fi
}

stop() {
  [ ! -s "$task_directory/exit.json" ] || exit 0
  read -r record 2>/dev/null <"$task_directory/keeper.json" || exit 0
  command_pid=${record##*\"command\":\{\"pid\":}
  command_pid=${command_pid%%,*}
  # Quotes within a text have a backslash before them, so these are fields.
  read -r task 2>/dev/null <"$task_directory/task.json" || exit 0
  cookie=${task#*\"uuid\":\"}
  cookie=${cookie%%\"*}
  grace_sec=${task##*\"stopGraceSec\":}
  grace_sec=${grace_sec%%[!0-9]*}
  umask 077
  # Whoever asked first stays named.
  (set -C && printf '{"v":1,"by":"Claude","reason":"agent"}\n' >"$task_directory/stop.json") 2>/dev/null
  end_task "$task_directory" "$cookie" agent "${grace_sec:-5}" "$command_pid" "$record"
}

judge "$@" 2>/dev/null
exit
