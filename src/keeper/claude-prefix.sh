#!/bin/sh
# Claude Code starts every command through this program (CLAUDE_CODE_SHELL_PREFIX), after its permission checks, with
# the whole shell line as the only argument; also its hooks, status line and MCP servers.
#
#   HOME-claude-prefix LINE       a copy of this file beside the home of Holdfast (or HOME/bin/claude-prefix)
#
# Claude Code can start nothing when this file is gone and its settings name it still: first run
# `holdfast claude unprotect` wherever it was protected. Without the home this only passes everything on.
#
# Everything but a background command becomes exactly the process that it would be without us: same shell, same
# process group, same descriptors. A background command becomes a task bash_N in a tree of its own; this process then
# stands for it in Claude's tree: it passes the output on, and ends with the command's exit code.
#
# Which command is one for the background is not told here. The hook for PreToolUse (claude-hook.sh) leaves a note per
# such call; the one about the same command is taken.
#
# Whatever is missing or fails: the command runs as without us. POSIX sh only, no Node in the path of other commands.

main() {
  case $1 in
  *' && eval '*' && pwd -P >| '*) ;;
  *) run_with /bin/sh "$1" ;;
  esac
  case $0 in
  */bin/claude-prefix) home=${0%/bin/*} ;;
  *) home=${0%-claude-prefix} ;;
  esac
  notes=$home/claude-code/pending/${CLAUDE_CODE_SESSION_ID:-none}
  choose_shell "$1"
  if [ -d "$notes" ] && take_note "$1"; then
    keep "$1"
  fi
  run_with "$shell" "$1"
}

# Never returns. A prefix that the user had before is not lost: it is given the line as Claude Code would do it. What
# follows the last blank with a dash is not quoted there.
run_with() {
  program=${HOLDFAST_CLAUDE_PREFIX:-} shell_line=$2
  # Lest it is handed on to itself, where it is another Holdfast's.
  unset HOLDFAST_CLAUDE_PREFIX
  case $program in
  '') exec "$1" -c "$2" ;;
  *' -'*) eval 'exec "${program% -*}" '"-${program##* -}"' "$shell_line"' ;;
  *) exec "$program" "$2" ;;
  esac
}

# The shell that the line is written for. Claude Code names it in SHELL.
choose_shell() {
  case $1 in
  *'/snapshot-zsh-'*) name=zsh ;;
  *) name=bash ;;
  esac
  shell=${SHELL:-}
  case ${shell##*/} in
  "$name"*) [ -x "$shell" ] && return ;;
  esac
  shell=$(command -v "$name") || shell=/bin/sh
}

# Takes the note about this command, if there is one: $note is the file then. Of several the first is as good.
take_note() {
  for form in written moved; do
    for note in "$notes"/*.json; do
      if [ ! -f "$note" ] || ! is_about "$form" "$1"; then continue; fi
      taken=$home/claude-code/taken-$$
      mv "$note" "$taken" 2>/dev/null && note=$taken && return
    done
    case $1 in *' < /dev/null |'*) ;; *) return 1 ;; esac
  done
  return 1
}

# is_about FORM LINE: whether LINE runs the command of $note. That stands as JSON in the note and quoted for a shell in
# the line, so only letters and digits are compared, those beyond ASCII as bytes.
#
# Claude Code redirects the input where the command does not: behind what it evaluates (form "written"), or as earlier
# versions did before the first pipe in it (form "moved"). There it looks like a redirect of the command's own: a command
# that has one goes before, and when it is called in the foreground the hook takes away the note about the one without.
# Of ">nul" Claude Code makes ">/dev/null".
is_about() {
  printf '%s\n' "$2" | LC_ALL=C awk -v note="$note" -v form="$1" '
    function squeezed(text) { gsub("[\001-/:-@[-`{-\177]+", "", text); return text }
    { line = line $0 "\n" }
    END {
      while ((getline part <note) > 0) json = json part
      at = index(json, "\"tool_input\":")
      json = substr(json, at)
      at = index(json, "\"command\":\"")
      if (at == 0) exit 1
      json = substr(json, at + 11)
      while (match(json, /["\\]/)) {
        command = command substr(json, 1, RSTART - 1) " "
        if (substr(json, RSTART, 1) == "\"") break
        json = substr(json, RSTART + (substr(json, RSTART + 1, 1) == "u" ? 6 : 2))
      }
      # What a hook has put into the environment comes before, and may evaluate something, too.
      at = index(line, "extglob")
      if (at > 0) line = substr(line, at)
      line = substr(line, index(line, " && eval ") + 9)
      if (match(line, / && pwd -P >\| [^|&]*$/)) line = substr(line, 1, RSTART - 1)
      is_behind = sub(/ < \/dev\/null$/, "", line)
      if (form == "moved") {
        at = index(line, " < /dev/null |")
        if (is_behind || at == 0 || index(line, "|") < at) exit 1
        line = substr(line, 1, at) substr(line, at + 12)
      }
      wanted = squeezed(line)
      if (wanted == "") exit 1
      if (wanted == squeezed(command)) exit 0
      gsub(/>[ \t]*[Nn][Uu][Ll][ \t|&;)]/, ">/dev/null ", command)
      exit wanted != squeezed(command)
    }'
}

# Returns when nothing was started.
keep() {
  claude=${CLAUDE_PID:-$PPID}
  registry=${CLAUDE_CONFIG_DIR:-$HOME/.claude}/sessions/$claude.json
  [ -e "$registry" ] || registry=
  look_at_output
  is_ended=
  trap 'is_ended=1; [ -z "${follower:-}" ] || kill "$follower"' TERM INT HUP
  if ! start "$1"; then
    trap - TERM INT HUP
    say_failure
    rm -f "$note" "$answer" 2>/dev/null
    [ -z "$is_ended" ] || exit 143
    return
  fi
  rm -f "$answer" "$answer.failure" 2>/dev/null
  follow
  [ -z "$is_ended" ] || leave
  finish
}

# The name of the file that takes the output is how Claude calls the task.
look_at_output() {
  exec 9>&1
  output=$(readlink "/proc/$$/fd/9" 2>/dev/null)
  exec 9>&-
  output=${output##*/}
  claude_task=
  case $output in
  *.output) claude_task=${output%.output} ;;
  esac
}

# Outside of Claude's tree, lest Claude's end comes in between. "started DIRECTORY PID SCRIPTS" is the whole answer, in
# a file, which is whole also when we are killed meanwhile. The command gets the umask that is in force here.
start() {
  answer=$home/claude-code/answer-$$
  # One of the same pid may have been killed and have left its own.
  rm -f "$answer" "$answer.failure"
  (umask 077 && : >"$answer" && : >"$answer.failure") || return 1
  # What is over is told by the end of a pipe, which comes whatever becomes of the one who holds it. That is the shell
  # alone: it must outlive the program, in whose place it is not to be executed.
  : "$(detached sh -c 'exec 2>"$6.failure" </dev/null
    HOLDFAST_HOME=$1 "$1/bin/holdfast" hook background "$2" "$3" "$4" "$5" >"$6"
    echo over' sh "$home" "$note" "$shell" "$claude_task" "$1" "$answer")"
  word= task= command_pid= scripts=
  {
    read -r word
    read -r task
    read -r command_pid
    read -r scripts
  } <"$answer"
  # Whatever has become of it since, it must not run twice.
  [ "$word" = started ]
} 2>/dev/null

# A session of its own where there is a program for that; else at least another parent.
detached() {
  if command -v setsid >/dev/null; then
    (setsid "$@" 2>/dev/null &)
  else
    ("$@" 2>/dev/null &)
  fi
}

# Until the command has ended or Claude has ended us. The tail of GNU sees to the end of what it follows by itself;
# others take its options for a mistake.
follow() {
  [ -z "$is_ended" ] || return
  tail -c +1 -s 0.1 --pid="$command_pid" -f "$task/output.log" 2>/dev/null &
  follower=$!
  wait "$follower"
  outcome=$? sent=0 rounds_gone=0
  until [ -n "$is_ended" ] || [ -s "$task/exit.json" ] || [ "$rounds_gone" -ge 10 ]; do
    [ "$outcome" != 1 ] || pass_on
    kill -0 "$command_pid" 2>/dev/null || rounds_gone=$((rounds_gone + 1))
    sleep 0.1 2>/dev/null || sleep 1
  done
  [ -n "$is_ended" ] || [ "$outcome" != 1 ] || pass_on
}

# For other kinds of tail, which tell nothing of a process.
pass_on() {
  size=$(wc -c <"$task/output.log" | tr -d ' ')
  [ "${size:-0}" -gt "$sent" ] || return 0
  tail -c +$((sent + 1)) "$task/output.log" | head -c $((size - sent))
  sent=$size
} 2>/dev/null

finish() {
  record=
  read -r record 2>/dev/null <"$task/exit.json"
  code=${record##*\"code\":}
  code=${code%%[!0-9]*}
  exit "${code:-1}"
}

# Ended by Claude: either it stops the task, or it is about to end itself. That takes a moment to tell.
leave() {
  detached sh "$scripts/claude-stopped.sh" \
    "$task" "$claude" "$registry" "$home/claude-code/stopping/${claude_task:-none}" >/dev/null
  exit 143
}

# In a subshell, for the sake of the umask. A home that has gone is not made anew.
say_failure() (
  umask 077
  log=$home/log/claude.log
  [ -d "$home/log" ] || mkdir "$home/log" || return
  [ "$(($(wc -c <"$log") + 0))" -lt 65536 ] || : >"$log"
  {
    date '+%Y-%m-%dT%H:%M:%S a background command of Claude Code was not kept:'
    head -c 2000 "$answer.failure"
  } >>"$log"
  rm -f "$answer.failure"
) 2>/dev/null

main "$@"
exit
