# shellcheck shell=bash
# What the scripts of this folder share. COPY is the tree they work in.

scratch=$(mktemp -d)
listener='' stand_in=''
forget() {
  stop_listening
  stop_stand_in
  rm -rf "$scratch"
}
trap forget EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# prove RULE COMMAND…: a line of TAP, and what the command said if it failed.
prove() {
  local rule=$1
  shift
  if "$@" >"$scratch/said" 2>&1 </dev/null; then
    echo "ok - $rule"
  else
    echo "not ok - $rule"
    sed 's/^/# /' "$scratch/said"
  fi
}

# Records what the sound server plays from here on.
listen() {
  : >"$scratch/heard.raw"
  gst-launch-1.0 --quiet pulsesrc device=speaker.monitor buffer-time=100000 latency-time=10000 \
      ! audio/x-raw,format=S16LE,rate=24000,channels=1 ! filesink location="$scratch/heard.raw" buffer-mode=2 \
      >"$scratch/listener" 2>&1 &
  listener=$!
  until [[ -s $scratch/heard.raw ]]; do
    kill -0 "$listener" 2>/dev/null || { cat "$scratch/listener" >&2; return 1; }
    sleep 0.02
  done
}

stop_listening() {
  [[ -z $listener ]] || kill "$listener" 2>/dev/null || true
  [[ -z $listener ]] || wait "$listener" 2>/dev/null || true
  listener=''
}

# hear FILE COMMAND…: whether all of FILE is heard while the command runs. A machine that is busy with
# something else makes gaps which are not ours, so there are three attempts.
hear() {
  local file=$1
  shift
  for _ in 1 2 3; do
    listen
    "$@"
    sleep 0.5  # until the device has played what it held when the command had finished
    stop_listening
    recording heard "$scratch/heard.raw" "$file" && return
  done
}

# start_stand_in OPTION…: sets `endpoint`.
start_stand_in() {
  local line lines
  rm -f "$scratch/stand-in"
  mkfifo "$scratch/stand-in"
  "$COPY/build/tests/stand-in/gemini-stand-in" --port 0 --die-with-parent "$@" >"$scratch/stand-in" 2>"$scratch/stand-in-log" &
  stand_in=$!
  exec {lines}<"$scratch/stand-in"
  IFS= read -r -t 20 line <&"$lines"
  # shellcheck disable=SC2034  # for whoever calls
  endpoint=http://127.0.0.1:${line##*:}
}

stop_stand_in() {
  [[ -z $stand_in ]] || kill "$stand_in" 2>/dev/null || true
  [[ -z $stand_in ]] || wait "$stand_in" 2>/dev/null || true
  stand_in=''
}

recording() {
  "$COPY/tests/first-use/recording" "$@"
}
