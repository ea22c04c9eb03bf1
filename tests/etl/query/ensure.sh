#!/usr/bin/env bash
# See that PostgreSQL's programs are there for the tests, with apt-get as root when they are not. Its own server is
# not started: the tests make one. Without it they skip and say so.
set -u
command -v initdb >/dev/null 2>&1 && exit 0
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "setup: installing postgresql with apt-get"
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  fi
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Options::=--force-confold postgresql; } \
    >/dev/null 2>&1
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && exit 0
fi
echo "setup: no PostgreSQL here and none could be installed; its tests will skip (apt-get install postgresql)"
exit 0
