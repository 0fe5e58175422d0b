#!/bin/sh
# Keeps one throw-away server for its owner, and lives just long enough after the owner to clean up.
# usage: sh keeper.sh FOLDER <the owner's pipe
# The owner starts this in a session of its own (so that Ctrl-C reaches the owner alone), makes FOLDER, writes
# FOLDER/start.sh, sends one line, and holds the pipe open for as long as it wants the server. However the owner
# ends, the pipe closes: then the server is killed (its data are thrown away, so nothing need be saved) and FOLDER
# removed. When the server ends by itself, the last lines of its log go to standard error.
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

# What start.sh calls for each process, one after the other.
run() {
  "$@" >>"$folder/log" 2>&1 3<&- &
  wait $!
}

read -r _ <&3 || { remove; exit 0; }
{ read -r _ <&3; kill -TERM $$; } 2>/dev/null &
watcher=$!

. "$folder/start.sh"
code=$?
trap '' TERM
kill -KILL "$watcher" 2>/dev/null
tail -n 20 "$folder/log" >&2
remove
exit "$code"
