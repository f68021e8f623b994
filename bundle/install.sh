#!/bin/sh
# Installs, upgrades, rolls back and removes the gateway: no network, no compiler, no Python of the system's.
# 安装、升级、回退、卸载网关：不用网络、编译器和系统自带的 Python。
#
#   sh install.sh                     install, or upgrade: beside the version before, then switched 安装或升级
#   sh install.sh --rollback          back to the version before 回退到上一版本
#   sh install.sh --remove [--purge]  remove; --purge: state and configuration, too 卸载；--purge 连同数据和配置
#   --root DIR                        below another directory, and no service is touched 装到别的目录下，不动服务
set -eu
umask 022

NAME=bracelet-gateway
ACCOUNT=bracelet
OLDEST_MINOR=28
UNITS="$NAME $NAME-console $NAME-learn.timer"
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

say() { printf '%s\n%s\n' "$1" "$2"; }
die() { say "$1" "$2" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
# Whether services of this system are ours to touch.
is_live() { [ -z "$ROOT" ] && [ -d /run/systemd/system ] && has systemctl; }

what=install
purge=no
ROOT=
wanted=
while [ $# -gt 0 ]; do
    case $1 in
        --rollback) what=roll_back ;;
        --remove) what=remove ;;
        --purge) purge=yes ;;
        --stop) what=stop ;;
        --configure) what=configure; wanted=$2; shift ;;
        --root) ROOT=${2%/}; shift ;;
        *) die "不认识的选项：$1" "unknown option: $1" ;;
    esac
    shift
done
BASE=$ROOT/opt/$NAME
LINK=$BASE/venv
STATE=$ROOT/var/lib/$NAME
CACHE=$ROOT/var/cache/$NAME
FILES=$ROOT/etc/$NAME
SYSTEM=$ROOT/etc/systemd/system
COMMAND=$ROOT/usr/local/bin/$NAME

check_account() {
    [ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || die "请用 root 身份运行" "run this as root"
}

check_machine() {
    read -r version machine <"$here/VERSION"
    [ "$(uname -m)" = "$machine" ] || die "本安装包用于 $machine，本机是 $(uname -m)；请换相应的安装包" \
        "this bundle is for $machine and this machine is $(uname -m): take the bundle for it"
    found=$( (getconf GNU_LIBC_VERSION || ldd --version) 2>/dev/null | sed -n '1s/.*[^0-9]2\.\([0-9][0-9]*\).*/\1/p')
    [ "${found:-0}" -ge $OLDEST_MINOR ] || die "需要 glibc 2.$OLDEST_MINOR 以上（Debian 10、麒麟 V10、openEuler 20.03 或更新），本机是 ${found:+2.}${found:-别的 C 库}" \
        "needs glibc 2.$OLDEST_MINOR or newer (Debian 10, Kylin V10, openEuler 20.03 or later); this machine has ${found:+2.}${found:-another C library}"
}

check_sums() {
    (cd "$here" && sha256sum -c SHA256SUMS >/dev/null 2>&1) || die "文件与 SHA256SUMS 不符：安装包损坏或被改动，什么都没有装" \
        "files differ from SHA256SUMS: the bundle is damaged or was changed; nothing was installed"
    if openssl dgst -sm3 /dev/null >/dev/null 2>&1; then
        while read -r sum name; do
            [ "$(openssl dgst -sm3 -r "$here/$name" | cut -d ' ' -f 1)" = "$sum" ] || die "$name 与 SM3SUMS 不符，什么都没有装" \
                "$name differs from SM3SUMS; nothing was installed"
        done <"$here/SM3SUMS"
    fi
}

# Beside all other versions; half a version is never under its name.
unpack() {
    sum=$(sed -n 's/^\(........\).*  payload\.tar$/\1/p' "$here/SHA256SUMS")
    wanted=$version-$sum
    [ ! -d "$BASE/versions/$wanted" ] || return 0
    rm -rf "$BASE/versions/.unfinished"
    mkdir -p "$BASE/versions/.unfinished"
    tar -xof "$here/payload.tar" -C "$BASE/versions/.unfinished"
    runs "$BASE/versions/.unfinished/bin" || die "新版本在本机运行不起来（原因见上；缺的库一般在 libstdc++6、zlib1g 两个软件包里），什么都没有换" \
        "the new version does not run on this machine (see above; libraries that are missing are mostly in libstdc++6 and zlib1g); nothing was switched"
    mv "$BASE/versions/.unfinished" "$BASE/versions/$wanted"
}

runs() { "$1/python3.11" -I -c 'import ctypes, numba, numpy, pyproj, rtree, shapely, sqlite3, ssl, uvloop' && "$1/$NAME" --version >/dev/null; }

check_county() {
    [ -f "$FILES/gateway.yaml" ] || return 0
    "$BASE/versions/$wanted/bin/$NAME" check "$FILES" >/dev/null || die \
        "新版本认为 $FILES 有错，没有切换；详情：$BASE/versions/$wanted/bin/$NAME check $FILES" \
        "the new version finds faults in $FILES, nothing was switched; see $BASE/versions/$wanted/bin/$NAME check $FILES"
}

# Its loops are compiled before the switch, so that the restart takes no longer than ever.
compile() {
    [ -z "$ROOT" ] && has setpriv && [ -d "$CACHE" ] || return 0
    say "正在为本机编译（约一分钟）" "compiling for this machine (about a minute)"
    setpriv --reuid $ACCOUNT --regid $ACCOUNT --clear-groups env CACHE_DIRECTORY="$CACHE" "$BASE/versions/$wanted/bin/python3.11" -I -m gateway.daemon.compile_all ||
        say "没有编译成；第一次启动时再编译" "not compiled: the first start does it"
}

account_and_places() {
    share=$BASE/versions/$wanted/share/$NAME/systemd
    mkdir -p "$ROOT/etc/sysusers.d" "$ROOT/etc/tmpfiles.d" "$SYSTEM" "$STATE" "$CACHE" "$FILES" "$(dirname "$COMMAND")"
    cp "$share/$NAME.conf" "$ROOT/etc/sysusers.d/$NAME.conf"
    cp "$share/$NAME.tmpfiles" "$ROOT/etc/tmpfiles.d/$NAME.conf"
    chmod 0710 "$STATE"
    chmod 0750 "$FILES"
    [ -z "$ROOT" ] || return 0
    if has systemd-sysusers; then systemd-sysusers "/etc/sysusers.d/$NAME.conf"; fi
    id $ACCOUNT >/dev/null 2>&1 || useradd --system --user-group --home-dir "$STATE" --no-create-home --shell /usr/sbin/nologin $ACCOUNT ||
        die "建不了账号 $ACCOUNT" "account $ACCOUNT cannot be made"
    chown $ACCOUNT:$ACCOUNT "$STATE" "$CACHE"
    chown root:$ACCOUNT "$FILES"
}

# The link is replaced in one step; what it named is remembered.
switch() {
    [ -L "$LINK" ] || [ ! -d "$LINK" ] || mv "$LINK" "$BASE/versions/before"
    now=$(readlink "$LINK" || :)
    [ -n "$now" ] || [ ! -d "$BASE/versions/before" ] || now=versions/before
    point "$LINK" "versions/$1"
    [ -z "$now" ] || [ "$now" = "versions/$1" ] || point "$BASE/previous" "$now"
    for unit in "$LINK/share/$NAME/systemd/"*; do
        case $unit in *.service | *.socket | *.timer) cp "$unit" "$SYSTEM/" ;; esac
    done
    point "$COMMAND" "/opt/$NAME/venv/bin/$NAME"
}

point() { ln -s "$2" "$1.new" && mv -T "$1.new" "$1"; }

restart() {
    is_live || return 0
    systemctl daemon-reload
    systemctl try-restart $NAME $NAME-console || die "新版本没有启动；回退：sh $BASE/install.sh --rollback" \
        "the new version did not start; back: sh $BASE/install.sh --rollback"
}

# All but the version in force and the one before.
forget_older() {
    for path in "$BASE/versions/"*; do
        case versions/${path##*/} in
            "$(readlink "$LINK")" | "$(readlink "$BASE/previous" || :)") ;;
            *) rm -rf "$path" ;;
        esac
    done
}

install() {
    check_account
    check_machine
    check_sums
    mkdir -p "$BASE/versions"
    unpack
    cp "$here/install.sh" "$BASE/install.sh.new" && mv "$BASE/install.sh.new" "$BASE/install.sh"
    check_county
    configure
    forget_older
    if [ -f "$FILES/gateway.yaml" ]; then
        say "版本 $version 已启用；数据和配置没有动" "version $version is in force; state and configuration are as they were"
    else
        say "版本 $version 已装好。下一步：$NAME init /etc/$NAME，见 $LINK/share/$NAME/docs/install.zh.md" \
            "version $version is installed. Next: $NAME init /etc/$NAME --lang en, see $LINK/share/$NAME/docs/install.md"
    fi
}

configure() {
    check_account
    account_and_places
    compile
    switch "$wanted"
    restart
}

roll_back() {
    check_account
    before=$(readlink "$BASE/previous" || :)
    [ -n "$before" ] && [ -d "$BASE/$before" ] || die "没有上一版本可回退" "there is no version before to go back to"
    switch "${before#versions/}"
    restart
    say "已回退到 ${before#versions/}；数据没有动。旧版本若拒绝新的 state.db，请恢复升级前的备份" \
        "back at ${before#versions/}; state is as it was. Where the older version refuses a newer state.db, restore the backup of before"
}

stop() {
    is_live || return 0
    # Ports first: what comes to them would start the gateway again.
    for unit in $(systemctl list-units --all --plain --no-legend "$NAME*.socket" | cut -d ' ' -f 1) $UNITS; do
        systemctl disable --now "$unit" >/dev/null 2>&1 || :
    done
}

remove() {
    check_account
    stop
    for unit in "$SYSTEM/$NAME"*; do
        case $unit in *.service | *.socket | *.timer) rm -f "$unit" ;; esac
    done
    rm -f "$ROOT/etc/sysusers.d/$NAME.conf" "$ROOT/etc/tmpfiles.d/$NAME.conf" "$COMMAND"
    rm -rf "$BASE" "$CACHE"
    if is_live; then systemctl daemon-reload; fi
    if [ $purge = yes ]; then
        rm -rf "$STATE" "$FILES"
        [ -n "$ROOT" ] || userdel $ACCOUNT 2>/dev/null || :
        say "已卸载，数据和配置已删除" "removed, with state and configuration"
    else
        say "已卸载；数据在 $STATE，配置在 $FILES，都保留着" "removed; state in $STATE and configuration in $FILES are kept"
    fi
}

$what
