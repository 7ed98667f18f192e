#!/usr/bin/env bash
# Every public header compiles alone, as C and, for the cache's, as C++; the header's example is the program that the
# install test builds.
set -u
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
strict="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fsyntax-only"

for header in cache/include/pixcache/*.h engine/include/pxe/*.h; do
    printf '#include <%s>\n' "${header#*/include/}" >"$work/alone.c"
    cp "$work/alone.c" "$work/alone.cpp"
    ${CC:-cc} -std=c11 $strict -Icache/include -Iengine/include "$work/alone.c" || failed=1
    case $header in
    cache/*) ${CXX:-c++} -std=c++11 $strict -Icache/include "$work/alone.cpp" || failed=1 ;;
    esac
done

sed -n '/The shortest whole program/,/^ \*     }$/p' cache/include/pixcache/pixcache.h |
    sed -e 1,2d -e 's/^ \*     //' -e 's/^ \*$//' >"$work/quoted.c"
diff "$work/quoted.c" tests/install/main.c || { echo 'the header quotes another program than tests/install/main.c'; failed=1; }
exit $failed
