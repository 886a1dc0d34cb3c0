# Sourced by tests/consumer/run and tests/pages/run: packs the packages as they were built last, under a version that nobody publishes, so that no
# other package can be taken for them. Expects emulator.sh, $root, the repository, and
# $work, a folder for files that go away at the end.
version=0.0.0-local
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1 MSBUILDTERMINALLOGGER=off

# pack PROJECT PACKAGE   into $work/packages; what NuGet has kept of an earlier run is forgotten
pack() {
  dotnet pack "$root/src/$1" --nologo -v quiet -c Debug -p:PackageVersion="$version" -o "$work/packages" || fail "$2 cannot be packed"
  local kept
  kept=$(dotnet nuget locals global-packages --list | sed -n 's/^global-packages: //p')
  [ -n "$kept" ] || fail "NuGet does not say where it keeps packages"
  rm -rf "${kept%/}/${2,,}/$version"
}

# Installs the tool into $work/tools, and puts it on the path.
install_tool() {
  pack IoTJobsEmulator.Tool iot-jobs-emulator
  dotnet tool install iot-jobs-emulator --version "$version" --tool-path "$work/tools" --source "$work/packages" || fail "the tool cannot be installed"
  export PATH=$work/tools:$PATH
}
