#!/bin/sh
# Points a stock WireGuard interface at the next Peermesh controller when its own does not answer.
# Made by 'peermesh client failover-script' or by a controller; make it anew when controllers come or move.
# Holds no secret: keys stay in the interface and pass from wg to wg.
#
# A run looks once: an answer from any controller's overlay address came through the tunnel, so the
# controller in use works. Otherwise each of the other endpoints is tried for a few seconds, in a
# circle. Exit code: 0 it works, 1 nobody answers, 2 the interface or a program is missing.
set -u

interface='@INTERFACE@'
key='@KEY@'
endpoints='@ENDPOINTS@'
probes='@PROBES@'
state="${PEERMESH_STATE_DIR:-/run}/peermesh-failover-$interface"

say() {
    echo "$interface: $*"
}

# answers SECONDS: whether any controller answers within about that time
answers() {
    answers_left=$1
    while [ "$answers_left" -gt 0 ]; do
        answers_jobs=
        for probe in $probes; do
            ping -n -q -c 1 -W 1 -I "$interface" "$probe" >/dev/null 2>&1 &
            answers_jobs="$answers_jobs $!"
        done
        answers_found=1
        for job in $answers_jobs; do
            if wait "$job"; then answers_found=0; fi
        done
        [ "$answers_found" -ne 0 ] || return 0
        answers_left=$((answers_left - 1))
    done
    return 1
}

# The number of the endpoint that was set last; 0, the home controller's, at first.
current() {
    if [ -r "$state" ]; then
        read -r current_number <"$state" || current_number=0
    else
        current_number=0
    fi
    case $current_number in
        '' | *[!0-9]*) current_number=0 ;;
    esac
    echo "$current_number"
}

# The settings of the gateway as wg knows them, with another endpoint.
section() {
    wg showconf "$interface" | awk -v key="$key" -v endpoint="$1" '
        /^\[/ { if (found) exit; text = "" }
        /^Endpoint *=/ { next }
        { text = text $0 "\n" }
        /^PublicKey *=/ { value = $0; sub(/^PublicKey *= */, "", value); if (value == key) found = 1 }
        END { if (found) printf "%sEndpoint = %s\n", text, endpoint; else exit 1 }'
}

# Sets the endpoint. The peer is taken out and put back, so that the interface forgets the session
# with the controller that died and starts a handshake at the next packet, not after 15 seconds.
point_at() {
    peer=$(section "$1") || return 1
    wg set "$interface" peer "$key" remove
    if printf '%s' "$peer" | wg addconf "$interface" /dev/stdin; then
        return 0
    fi
    # The name does not resolve: put the peer back without an endpoint rather than leave it out.
    printf '%s' "$peer" | grep -v '^Endpoint' | wg addconf "$interface" /dev/stdin
    return 1
}

for program in wg ping awk; do
    if ! command -v "$program" >/dev/null; then
        say "the program $program is missing: install it"
        exit 2
    fi
done
if ! wg show "$interface" peers 2>/dev/null | grep -qxF "$key"; then
    say "there is no such WireGuard interface, or it has not the key of this topology"
    exit 2
fi

answers 2 && exit 0

# shellcheck disable=SC2086 # a list of words without special characters
set -- $endpoints
count=$#
number=$(current)
tried=0
while [ "$tried" -lt "$count" ]; do
    tried=$((tried + 1))
    number=$(((number + 1) % count))
    index=0
    for endpoint in $endpoints; do
        [ "$index" -ne "$number" ] || break
        index=$((index + 1))
    done
    echo "$number" >"$state"
    if point_at "$endpoint" && answers 3; then
        say "now at $endpoint"
        exit 0
    fi
    say "$endpoint does not answer"
done
exit 1
