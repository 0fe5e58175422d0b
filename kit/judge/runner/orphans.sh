#!/bin/sh
# Ends the runners of a judge that is gone. usage: sh orphans.sh <the judge's pipe
# The judge writes "+ PID" for a runner that began and "- PID" for one that ended. However it ends itself, the pipe
# closes: then those left are killed. A runner sees its channel close too, but not from inside an endless loop.
pids=' '
while read -r sign pid; do
  case $sign in
    +) pids="$pids$pid " ;;
    -) case $pids in *" $pid "*) pids="${pids%% "$pid" *} ${pids#* "$pid" }" ;; esac ;;
  esac
done
for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
