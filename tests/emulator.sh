# Sourced by the suites that are shell scripts (tests/*/run): starts the emulator that was built last, and installs npm packages.
# Expects $root, the repository, and $work, a folder for files that go away at the end.
emulator_pid=

# Starts it on free ports; exports EMULATOR_URL and EMULATOR_MQTT_PORT, EMULATOR_MQTTS_PORT, EMULATOR_HTTPS_PORT.
start_emulator() {
  local dll
  dll=$(built_last)
  if [ -z "$dll" ]; then
    dotnet build "$root/src/IoTJobsEmulator" --nologo -v quiet || fail "the emulator does not build"
    dll=$(built_last)
  fi
  : >"$work/emulator.log" # it is read before the emulator has begun to write
  dotnet "$dll" --port 0 --mqtt-port 0 --mqtt-tls-port 0 --https-port 0 --tls-folder "$work/tls" >"$work/emulator.log" 2>&1 &
  emulator_pid=$!
  for _ in $(seq 300); do
    EMULATOR_URL=$(grep -oE 'Listening on http://[^ ]+' "$work/emulator.log" | head -1 | cut -d' ' -f3)
    if [ -n "$EMULATOR_URL" ] && grep -q '^  devices ' "$work/emulator.log"; then
      EMULATOR_MQTT_PORT=$(port_of mqtt) EMULATOR_MQTTS_PORT=$(port_of mqtts) EMULATOR_HTTPS_PORT=$(port_of https)
      export EMULATOR_URL EMULATOR_MQTT_PORT EMULATOR_MQTTS_PORT EMULATOR_HTTPS_PORT
      echo "$dll listens on $EMULATOR_URL"
      return
    fi
    kill -0 "$emulator_pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/emulator.log"
  fail "the emulator did not start"
}

stop_emulator() {
  [ -n "$emulator_pid" ] || return 0
  kill "$emulator_pid" 2>/dev/null
  wait "$emulator_pid" 2>/dev/null
}

port_of() { grep '^  devices ' "$work/emulator.log" | grep -oE "\b$1://[^:]+:[0-9]+" | grep -oE '[0-9]+$'; }

built_last() {
  find "$root/src/IoTJobsEmulator/bin" -path '*/net*/IoTJobsEmulator.dll' -printf '%T@ %p\n' 2>/dev/null | sort -rn | head -1 | cut -d' ' -f2-
}

# npm_packages FOLDER   installs what its package-lock.json names, unless that was done
npm_packages() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] ||
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) || fail "npm ci did not work"
}

# Nothing of the user's own AWS configuration is used, and nothing is tried twice: a retry would hide a failure.
fake_credentials() {
  local name
  for name in $(compgen -e | grep '^AWS_'); do unset "$name"; done
  export AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=any
  export AWS_DEFAULT_REGION=us-west-2 AWS_REGION=us-west-2 # the region of the CLI's documented examples
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
  export AWS_MAX_ATTEMPTS=1 AWS_PAGER='' AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
  export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost
}

fail() {
  echo "$*" >&2
  echo "0 passed, 1 failed"
  exit 1
}
