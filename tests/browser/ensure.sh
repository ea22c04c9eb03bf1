#!/usr/bin/env bash
# Make sure a browser is there: a Chrome or Chromium that is installed, else apt-get as root, else Playwright's own.
set -u
python=${1:-python3}
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "setup: installing chromium with apt-get"
  { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1 && command -v chromium >/dev/null && exit 0
fi
echo "setup: no Chrome or Chromium here; trying Playwright's own"
"$python" -m playwright install chromium && exit 0
echo "tests need Chrome or Chromium, and none could be installed: install one (apt-get install chromium) and run again" >&2
exit 1
