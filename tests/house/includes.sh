#!/usr/bin/env bash
# The arrows demo -> engine -> cache never turn back, and each library stays in its room.
set -u
cd "$(dirname "$0")/../.."
failed=0

# only PATTERN ALLOWED: every file that includes PATTERN matches ALLOWED.
only()
{
    local found
    found=$(grep -rlE "^ *# *include *[<\"]($1)" --include='*.c' --include='*.h' cache engine demo | grep -vE "^($2)$")
    if [ -n "$found" ]; then
        printf 'only %s may include %s, but so does:\n%s\n' "$2" "$1" "$found"
        failed=1
    fi
}

only 'SDL' '(engine|demo)/.*'
only 'cglm/' '(engine|demo)/.*'
only 'stb_image\.h' 'engine/stb_decoder\.c'
only 'stb_image_resize\.h' 'engine/resize\.c'
only 'stb_truetype\.h' 'engine/outline\.c'
only 'stb_image_write\.h' 'engine/screenshot\.c'
only 'xxhash\.h' 'cache/.*'
only 'glad/' 'cache/gl_backend\.c|engine/(window|shader|sprites_inside|sprite_flush|batch_stream|canvas|screenshot|gpu_timer|gl_worker|engine)\.[ch]'
only 'pxe/' '(engine|demo)/.*'
only 'pthread\.h|threads\.h|stdio\.h|unistd\.h|sys/' '(engine|demo)/.*'
only 'cache\.h' 'cache/.*'
only '(\.\./)*(engine|demo)/' 'none'
only '(common|viewer|\.\./common)/' 'demo/.*'
exit $failed
