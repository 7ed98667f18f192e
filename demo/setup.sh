# Sourced by demo/run and tests/run: installs what is missing, configures and builds.

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# Without these nothing builds.
build_packages=(gcc libc6-dev make cmake libsdl2-dev libcglm-dev libstb-dev python3-glad libxxhash-dev libgl1-mesa-dri)

say()
{
    printf '%s\n' "$*" >&2
}

is_installed()
{
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# need PACKAGE...: installs the Debian packages that are missing; elsewhere CMake says what it does not find.
need()
{
    local missing=() package as_root=()
    if ! command -v apt-get >/dev/null; then
        say "This is no Debian; needed are a C11 compiler, CMake and what these Debian packages hold: $*"
        return
    fi
    for package; do
        is_installed "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        return
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "Missing packages. As root, run: apt-get install ${missing[*]}"
            exit 2
        fi
        as_root=(sudo)
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq >&2 &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 || exit 2
}

# build FOLDER [CMAKE-OPTION...]: the whole output is shown only when it fails.
build()
{
    local folder=$1 log
    shift
    mkdir -p "$folder"
    log=$folder/build.log
    say "Building in ${folder#"$root"/}"
    if ! { cmake -S "$root" -B "$folder" "$@" && cmake --build "$folder" --parallel "$(nproc)"; } >"$log" 2>&1; then
        cat "$log" >&2
        exit 1
    fi
}
