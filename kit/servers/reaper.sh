#!/bin/sh
# Removes the containers of an owner that has ended, where testcontainers' own reaper is off.
# usage: sh reaper.sh LABEL <the owner's pipe
# The owner starts this before its first container and holds the pipe open; however it ends, the pipe closes.
label=$1
read -r _
# An engine may still be making a container that was asked for in the last moment: look again.
for pause in 0 1 2; do
  sleep "$pause"
  docker ps -aq --filter "label=$label" | while read -r id; do
    docker rm -f -v "$id" >/dev/null 2>&1
  done
done
