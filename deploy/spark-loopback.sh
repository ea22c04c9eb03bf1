#!/usr/bin/env bash
# A real standalone Spark cluster on this machine's loopback, out of the `pyspark` package: to try things, and for tests.
#   deploy/spark-loopback.sh up            a master and two workers; prints the address for `engine = …`
#   deploy/spark-loopback.sh connect       a Spark Connect server on that cluster; prints its address
#   deploy/spark-loopback.sh kill-worker   end one worker and its executors as a power cut would
#   deploy/spark-loopback.sh status        what runs
#   deploy/spark-loopback.sh down          end all of it
# FOLDER (pids, logs, work), PY, PORT, CONNECT_PORT, WORKERS, CORES and MEMORY of a worker can be set from outside.
set -eu
PY=${PY:-python3}
FOLDER=${FOLDER:-${LOOKOUT_HOME:-var}/tmp/spark-loopback}
PORT=${PORT:-7077} CONNECT_PORT=${CONNECT_PORT:-15002}
WORKERS=${WORKERS:-2} CORES=${CORES:-1} MEMORY=${MEMORY:-1g}
export SPARK_LOCAL_IP=127.0.0.1 SPARK_DAEMON_MEMORY=${SPARK_DAEMON_MEMORY:-256m}

home() {
  SPARK_HOME=$("$PY" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))' 2>/dev/null) || {
    echo "spark-loopback: pyspark is missing; pip install -r requirements-spark.txt (PY=… names the interpreter)" >&2; exit 1; }
  export SPARK_HOME
}

# Start a command in a session of its own, and remember its number: the session is what `end` ends.
begin() {
  local name=$1; shift
  setsid "$@" >"$FOLDER/$name.log" 2>&1 </dev/null &
  echo $! >"$FOLDER/$name.pid"
}

said() { # wait until a log says something
  local name=$1 what=$2
  for _ in $(seq 600); do
    grep -q "$what" "$FOLDER/$name.log" && return 0
    kill -0 "$(cat "$FOLDER/$name.pid")" 2>/dev/null || break
    sleep 0.2
  done
  echo "spark-loopback: $name did not start; the end of $FOLDER/$name.log:" >&2
  tail -5 "$FOLDER/$name.log" >&2; exit 1
}

end() {
  local file=$1
  [ -e "$file" ] || return 0
  kill -9 -- "-$(cat "$file")" 2>/dev/null || true
  rm -f "$file"
}

case ${1:-} in
up)
  home; mkdir -p "$FOLDER"
  [ ! -e "$FOLDER/master.pid" ] || { echo "spark-loopback: one is up already; $0 down" >&2; exit 1; }
  begin master "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$PORT" --webui-port 0
  said master "I have been elected leader"
  for n in $(seq "$WORKERS"); do
    begin "worker$n" "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker -h 127.0.0.1 \
      -c "$CORES" -m "$MEMORY" -d "$FOLDER/work$n" --webui-port 0 "spark://127.0.0.1:$PORT"
  done
  for n in $(seq "$WORKERS"); do said "worker$n" "Successfully registered"; done
  echo "spark://127.0.0.1:$PORT" ;;
connect)
  home
  export SPARK_DAEMON_MEMORY=1g # the server is a driver, too
  begin connect "$SPARK_HOME/bin/spark-submit" --master "spark://127.0.0.1:$PORT" --name lookout-connect \
    --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 --conf spark.ui.enabled=false \
    --conf spark.executor.memory="${EXECUTOR_MEMORY:-800m}" \
    --conf spark.connect.grpc.binding.address=127.0.0.1 --conf spark.connect.grpc.binding.port="$CONNECT_PORT" \
    --class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal
  said connect "Spark Connect server started"
  echo "sc://127.0.0.1:$CONNECT_PORT" ;;
kill-worker)
  for file in "$FOLDER"/worker*.pid; do
    [ -e "$file" ] || { echo "spark-loopback: no worker runs" >&2; exit 1; }
    end "$file"; echo "killed $(basename "$file" .pid)"; break
  done ;;
status)
  for file in "$FOLDER"/*.pid; do
    [ -e "$file" ] || { echo "nothing runs"; break; }
    kill -0 "$(cat "$file")" 2>/dev/null && is=runs || is="has ended"
    echo "$(basename "$file" .pid) $is"
  done ;;
down)
  for file in "$FOLDER"/connect.pid "$FOLDER"/worker*.pid "$FOLDER"/master.pid; do end "$file"; done
  rm -rf "$FOLDER"/work* ;;
*) sed -n '2,8p' "$0" | cut -c3-; exit 2 ;;
esac
