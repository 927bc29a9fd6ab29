#!/bin/sh
# The hooks of Claude Code that Holdfast answers; a copy of this file in the home's bin.
#
#   claude-hook EVENT             the event as JSON on stdin, as Claude Code gives it
#
# PreToolUse leaves a note about a command that is meant for the background, which claude-prefix.sh picks up, and about
# a task that is to be stopped. SessionStart says what became of the tasks; that is worth a start of Node only when there
# may be something to say. Stop, PreCompact and SessionEnd have the transcript copied, by a process that Claude does not
# wait for. Stop and AfterStart go on in the background, where the user wants that, until a task has ended, and wake Claude.
#
# Never an opinion about a permission, never a failure: whatever goes wrong, Claude goes on as without us. POSIX sh only.

main() {
  home=${0%/bin/*}
  umask 077
  input=$(cat)
  case $1 in
  PreToolUse) before_tool ;;
  SessionStart) at_start ;;
  AfterStart) after_start ;;
  Stop) mirror && wake_at_end ;;
  PreCompact | SessionEnd) mirror ;;
  esac
}

# text_of NAME: the value of a plain string field. What a quoted text holds has its quotes escaped, so it is none.
text_of() {
  rest=${input#*"\"$1\":\""}
  [ "$rest" != "$input" ] || return 1
  text=${rest%%\"*}
  # It becomes a part of a path.
  case $text in '' | *[!A-Za-z0-9_-]*) return 1 ;; esac
}

before_tool() {
  text_of session_id || return
  notes=$home/claude-code/pending/$text
  case $input in
  *'"tool_name":"Bash"'*)
    case $input in
    *'"run_in_background":true'*) leave_note ;;
    *) [ ! -d "$notes" ] || drop_notes ;;
    esac
    ;;
  *)
    # TaskStop says task_id; older versions said shell_id.
    text_of task_id || text_of shell_id || return
    mkdir -p "$home/claude-code/stopping" && : >"$home/claude-code/stopping/$text"
    ;;
  esac
}

# Whole or not at all.
leave_note() {
  text_of tool_use_id || return
  mkdir -p "$notes" || return
  printf '%s\n%s\n' "$input" "${CLAUDE_PROJECT_DIR:-}" >"$notes/$text.part" && mv "$notes/$text.part" "$notes/$text.json"
}

# A call that was denied leaves its note behind. In the foreground the same command must not be taken for it, nor what
# the prefix cannot tell from it (see there).
drop_notes() {
  command=$(letters_of "$input") without=
  case $input in *' < /dev/null |'*) without=$(letters_of "$input" ' < /dev/null') ;; esac
  for note in "$notes"/*.json; do
    [ -f "$note" ] || continue
    noted=$(letters_of "$(cat "$note")")
    if [ "$noted" = "$command" ] || [ "$noted" = "$without" ]; then rm -f "$note"; fi
  done
  rmdir "$notes" 2>/dev/null
}

# letters_of EVENT [REDIRECT]: letters and digits of its command, without the first REDIRECT that is before a pipe.
letters_of() {
  printf '%s\n' "$1" | LC_ALL=C awk -v redirect="${2:-}" '
    { json = json $0 }
    END {
      json = substr(json, index(json, "\"tool_input\":"))
      at = index(json, "\"command\":\"")
      if (at == 0) exit
      json = substr(json, at + 11)
      while (match(json, /["\\]/)) {
        command = command substr(json, 1, RSTART - 1)
        if (substr(json, RSTART, 1) == "\"") break
        json = substr(json, RSTART + (substr(json, RSTART + 1, 1) == "u" ? 6 : 2))
      }
      at = index(command, redirect " |")
      if (redirect != "" && at > 0) command = substr(command, 1, at - 1) substr(command, at + length(redirect))
      gsub("[\001-/:-@[-`{-\177]+", "", command)
      print command
    }'
}

# A start of Node takes longer than all of the rest: only where there is something to tell, as far as can be seen here.
at_start() {
  text_of session_id || return
  if has_news || runs_here || is_cut_off; then
    ask SessionStart
  fi
}

# Of the tasks that this conversation has started one runs, or has ended since Claude was told last.
has_news() {
  told=$home/claude-code/sessions/$text/told.json
  for link in "${told%/*}"/bash_*.json; do
    [ -e "$link" ] || return 1
    # What was told is gone from a conversation that was condensed.
    case $input in *'"source":"compact"'*) return 0 ;; esac
    read -r record <"$link"
    task=${record#*'"directory":"'}
    task=${task%%\"*}
    [ -d "$task" ] || continue
    if [ ! -s "$task/exit.json" ] || [ ! "$told" -nt "$task/exit.json" ]; then
      return 0
    fi
  done
  return 1
}

# A task runs in this folder, or in one that it lies in.
runs_here() {
  here=$(cd "${CLAUDE_PROJECT_DIR:-.}" && pwd -P)/
  for workspace in "$home"/workspaces/*; do
    record=
    read -r record 2>/dev/null <"$workspace/workspace.json"
    folder=${record#*'"folder":"'}
    folder=${folder%%\"*}
    # A path that needs quoting in JSON, or is not told, is not compared.
    case $folder in
    *\\* | [!/]*) folder= ;;
    esac
    case $here in
    "${folder%/}"/*) ! runs_in "$workspace" || return 0 ;;
    esac
  done
  return 1
}

# One of a workspace's tasks runs, as far as can be seen here. Of those with a sh keeper the watcher's marker tells. Those
# that Node keeps have none; of them most are over, and one whose keeper was killed says nothing of its end.
runs_in() {
  for marker in "$1"/running/bash_*; do
    [ ! -e "$marker" ] || return 0
  done
  for task in "$1"/tasks/bash_*; do
    if [ -s "$task/exit.json" ] || [ ! -e "$task/keeper.json" ]; then continue; fi
    record=
    read -r record 2>/dev/null <"$task/keeper.json"
    command_pid=${record##*'"command":{"pid":'}
    kill -0 "${command_pid%%,*}" 2>/dev/null && return 0
  done
  return 1
}

# A call at the end of what is taken up again has no result, as Claude Code was ended by force.
is_cut_off() {
  case $input in *'"source":"resume"'* | *'"source":"fork"'*) ;; *) return 1 ;; esac
  find_transcript || return 0
  tail -c 262144 "$transcript" 2>/dev/null | LC_ALL=C awk '
    {
      count = split($0, parts, "\"type\":\"tool_use\",\"id\":\"")
      for (at = 2; at <= count; at++) open[substr(parts[at], 1, index(parts[at], "\"") - 1)]
      count = split($0, parts, "\"tool_use_id\":\"")
      for (at = 2; at <= count; at++) delete open[substr(parts[at], 1, index(parts[at], "\"") - 1)]
    }
    END {
      for (id in open) exit 0
      exit 1
    }'
}

# What needs quoting in JSON is a rare path.
find_transcript() {
  transcript=${input#*'"transcript_path":"'}
  transcript=${transcript%%\"*}
  case $transcript in [!/]* | *\\*) return 1 ;; esac
}

ask() {
  printf '%s' "$input" | HOLDFAST_HOME=$home "$home/bin/holdfast" hook "$1" 2>/dev/null
}

has_running() {
  for workspace in "$home"/workspaces/*; do
    if runs_in "$workspace"; then return 0; fi
  done
  return 1
}

# The last lines are written after the event. Windows of the editor copy what is not copied here.
mirror() {
  find_transcript || return 0
  if [ -e "$home/claude-code/no-mirror" ] || [ ! -x "$home/bin/holdfast" ]; then
    return 0
  fi
  set -- sh -c 'sleep 1; HOLDFAST_HOME=$1 exec nice "$1/bin/holdfast" hook mirror "$2"' sh "$home" "$transcript"
  if command -v setsid >/dev/null; then
    (setsid "$@" </dev/null >/dev/null 2>&1 &)
  else
    ("$@" </dev/null >/dev/null 2>&1 &)
  fi
}

# SessionStart itself notes first what runs.
after_start() {
  [ ! -e "$home/claude-code/wake" ] || sleep 2
  wake_at_end
}

# Only where Claude goes on by itself meanwhile: with -p it would wait for us. A version that does not say what it is may
# not know of hooks that go on, and would wait too.
wake_at_end() {
  if [ ! -e "$home/claude-code/wake" ] || [ "${CLAUDE_CODE_ENTRYPOINT:-}" != cli ] || [ -z "${AI_AGENT:-}" ]; then
    return
  fi
  text_of session_id || return
  session=$text waiter=$home/claude-code/sessions/$text/waiter
  # What has ended a moment ago is to be told, too.
  if ! has_running && [ ! -d "${waiter%/*}" ] || ! find_claude; then return; fi
  # The latest of several goes on.
  mkdir -p "${waiter%/*}" && printf '%s\n' "$$" >"$waiter" || return
  while tasks=$(ask open-tasks) && [ -n "$tasks" ]; do
    until has_ended; do
      sleep 2
      is_wanted || return
    done
    news=$(ask ended-tasks)
    [ -z "$news" ] || wake
    is_wanted || return
  done
}

wake() {
  printf '%s\n' "$news" >&2
  exit 2
}

# Claude Code is the parent, or the parent of the shell that has started us.
find_claude() {
  claude=$PPID
  for _ in 1 2 3; do
    registry=${CLAUDE_CONFIG_DIR:-$HOME/.claude}/sessions/$claude.json
    [ ! -e "$registry" ] || return 0
    claude=$(ps -o ppid= -p "$claude" 2>/dev/null | tr -d ' ')
    [ -n "$claude" ] || return 1
  done
  return 1
}

# As long as Claude Code runs, with this conversation, and no later one of us waits.
is_wanted() {
  holder= record=
  read -r holder 2>/dev/null <"$waiter"
  [ "$holder" = "$$" ] && [ -e "$home/claude-code/wake" ] && kill -0 "$claude" 2>/dev/null || return
  { read -r record || :; } 2>/dev/null <"$registry" || return
  case $record in *"$session"*) ;; *'"sessionId":'*) return 1 ;; esac
}

has_ended() {
  # Paths, one a line.
  set -f
  IFS='
'
  for task in $tasks; do
    [ ! -s "$task/exit.json" ] || break
    task=
  done
  unset IFS
  set +f
  [ -n "$task" ]
}

main "$@"
exit 0
