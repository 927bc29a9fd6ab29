#!/bin/sh
# The hooks of Claude Code that Holdfast answers; a copy of this file in the home's bin.
#
#   claude-hook EVENT             the event as JSON on stdin, as Claude Code gives it
#
# PreToolUse leaves a note about a command that is meant for the background, which claude-prefix.sh picks up, and about
# a task that is to be stopped. SessionStart says what became of the tasks; that is worth a start of Node only when there
# may be something to say.
#
# Never an opinion about a permission, never a failure: whatever goes wrong, Claude goes on as without us. POSIX sh only.

main() {
  home=${0%/bin/*}
  umask 077
  input=$(cat)
  case $1 in
  PreToolUse) before_tool ;;
  SessionStart) at_start ;;
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

# A call that was denied leaves its note behind. The same command in the foreground must not be taken for it.
drop_notes() {
  command=$(command_in "$input")
  for note in "$notes"/*.json; do
    [ -f "$note" ] || continue
    [ "$(command_in "$(cat "$note")")" != "$command" ] || rm -f "$note"
  done
  rmdir "$notes" 2>/dev/null
}

command_in() {
  printf '%s\n' "$1" | LC_ALL=C awk '
    { json = json $0 }
    END {
      json = substr(json, index(json, "\"tool_input\":"))
      at = index(json, "\"command\":\"")
      if (at == 0) exit
      json = substr(json, at + 11)
      while (match(json, /["\\]/)) {
        printf "%s", substr(json, 1, RSTART)
        if (substr(json, RSTART, 1) == "\"") exit
        printf "%s", substr(json, RSTART + 1, 1)
        json = substr(json, RSTART + 2)
      }
    }'
}

# Nothing runs anywhere, and this conversation never had a task: then there is nothing to tell.
at_start() {
  text_of session_id || return
  if [ -d "$home/claude-code/sessions/$text" ] || is_resumed || has_running; then
    printf '%s' "$input" | HOLDFAST_HOME=$home "$home/bin/holdfast" hook SessionStart 2>/dev/null
  fi
}

is_resumed() {
  case $input in *'"source":"startup"'* | *'"source":"clear"'*) return 1 ;; esac
}

has_running() {
  for marker in "$home"/workspaces/*/running/bash_*; do
    [ ! -e "$marker" ] || return 0
  done
  return 1
}

main "$@"
exit 0
