#!/bin/sh
# Keeps one throw-away server for its owner, and lives just long enough after the owner to clean up.
# usage: sh keeper.sh FOLDER <the owner's pipe
# The owner starts this in a session of its own (so that Ctrl-C reaches the owner alone), makes FOLDER, writes
# FOLDER/start.sh, sends one line, and holds the pipe open for as long as it wants the server. However the owner
# ends, the pipe closes: then the server is killed (its data are thrown away, so nothing need be saved) and FOLDER
# removed. Where this script itself is killed, Linux ends the server with it, and elsewhere (macOS) the watcher below does once
# the owner ends; what is left after both were killed the next start removes (local/sweep.ts). When the server ends by itself, the last lines of its log go to standard error.
folder=$1
exec 3<&0 </dev/null

remove() {
  for _ in 1 2 3 4 5; do
    rm -rf "$folder" 2>/dev/null && return
    sleep 0.1
  done
}

# $! rather than a variable: it is set in the same instant as the process starts.
stop() {
  kill -KILL $! 2>/dev/null
  wait $! 2>/dev/null
  remove
  exit 0
}
trap stop TERM

# The words that let a process end with this script: in util-linux, not in BusyBox.
with_keeper=
if setpriv --pdeathsig KILL true 2>/dev/null; then with_keeper='setpriv --pdeathsig KILL'; fi

# What start.sh calls for each process, one after the other.
run() {
  $with_keeper "$@" >>"$folder/log" 2>&1 3<&- &
  wait $!
}

read -r _ <&3 || { remove; exit 0; }
# Every process that names FOLDER's files, for when the keeper is gone.
end_all() {
  ps -A -ww -o pid=,args= | while read -r pid args; do
    case $args in *"$folder/"*) kill -KILL "$pid" ;; esac
  done
}
{ read -r _ <&3; kill -TERM $$ || { end_all; remove; }; } 2>/dev/null &
watcher=$!

. "$folder/start.sh"
code=$?
trap '' TERM
kill -KILL "$watcher" 2>/dev/null
# A crash report can be longer than what follows, and the reason stands before it.
grep -i -m 3 'out of memory' "$folder/log" >&2
tail -n 20 "$folder/log" >&2
remove
exit "$code"
