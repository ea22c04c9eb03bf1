#!/usr/bin/env bash
# Make sure a Java runtime is there: one that is installed, else apt-get as root.
set -u
command -v java >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "setup: installing default-jre-headless with apt-get"
  { apt-get update -qq && apt-get install -y -qq default-jre-headless; } >/dev/null 2>&1 && command -v java >/dev/null && exit 0
fi
echo "Spark needs a Java runtime (17), and none could be installed: install one and run again" >&2
exit 1
