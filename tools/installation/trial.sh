# The story, inside the clean tree: install, run, an alarm, upgrade, back, remove. Nothing of it needs a network.
name=bracelet-gateway
state=/var/lib/$name
files=/etc/$name

step() { printf '\n== %s\n' "$1"; }
fail() { printf 'FAILED: %s\n' "$1"; cat /tmp/log 2>/dev/null; exit 1; }
# Polls, for five minutes at most: a first start compiles.
until_it_is() {
    left=1500
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ $left -gt 0 ] || fail "in five minutes not: $*"
        sleep 0.2
    done
}
has_alarm() { $name alarms list --config $files | grep -q 'P0001'; }
begin() {
    setpriv --reuid bracelet --regid bracelet --clear-groups \
        env CACHE_DIRECTORY=/var/cache/$name $name run --config $files >>/tmp/log 2>&1 &
    daemon=$!
    until_it_is $name status --config $files
}
finish() { kill $daemon && wait $daemon || fail "the daemon did not stop in good order"; }
in_force() { readlink /opt/$name/venv; }

for program in python3 python3.11 cc gcc pip; do
    ! command -v $program >/dev/null || fail "$program is in the clean tree"
done

step "install"
sh /bundle/install.sh
first=$(in_force)
/opt/$name/venv/bin/python3.11 -I /bracelet.py loopback
$name --version
$name init $files --lang en >/dev/null
sed -i "s|directory: data|directory: $state|; s|mqtt: \"mqtt://127.0.0.1:1883\"|file: $state/alarms.jsonl|" $files/gateway.yaml
chown -R root:bracelet $files
chmod -R u=rwX,g=rX,o= $files
chown bracelet $files/credentials.yaml
chmod 0600 $files/credentials.yaml
$name check $files >/dev/null

step "a bracelet raises an alarm"
begin
/opt/$name/venv/bin/python3.11 -I /bracelet.py 7611 013900000001
until_it_is has_alarm
$name alarms list --config $files
finish

step "upgrade"
sh /later/install.sh
[ "$(in_force)" != "$first" ] || fail "the later version is not in force"
[ -f /opt/$name/venv/share/$name/later ] || fail "the later version is not what runs"
begin
has_alarm || fail "the alarm is lost by the upgrade"
finish

step "back"
sh /opt/$name/install.sh --rollback
[ "$(in_force)" = "$first" ] || fail "the version before is not in force"
begin
has_alarm || fail "the alarm is lost on the way back"
finish
$name verify --config $files

step "remove"
sh /opt/$name/install.sh --remove
[ ! -e /opt/$name ] && [ ! -e /usr/local/bin/$name ] || fail "something is left of the program"
[ -f $state/state.db ] && [ -f $files/gateway.yaml ] || fail "state or configuration is gone"

step "well: installed, run, upgraded, back and removed without a network, a compiler or a Python"
