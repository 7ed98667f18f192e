# The libraries that `run sprites --peers` compares with, each where it is installed; sprites_contestants builds them.

# pxc_sprites_peer(<target> <source> <libraries...>)
function(pxc_sprites_peer target source)
  add_executable(${target} ${source})
  target_link_libraries(${target} PRIVATE sprites_scene ${ARGN})
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE) # clock_gettime
  add_dependencies(sprites_contestants ${target})
endfunction()

pxc_sprites_peer(sprites_sdl sprites_sdl.c SDL2::SDL2)
pxc_compile_options(sprites_sdl)

find_package(SFML 2.5 COMPONENTS graphics QUIET)
if(SFML_FOUND)
  pxc_sprites_peer(sprites_sfml sprites_sfml.cpp sfml-graphics)
  target_compile_options(sprites_sfml PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  if(PXC_WERROR)
    target_compile_options(sprites_sfml PRIVATE -Werror)
  endif()
endif()

find_path(PXC_ALLEGRO_INCLUDE allegro5/allegro_opengl.h)
find_library(PXC_ALLEGRO_LIBRARY allegro)
find_library(PXC_GL_LIBRARY GL)
if(PXC_ALLEGRO_INCLUDE AND PXC_ALLEGRO_LIBRARY AND PXC_GL_LIBRARY)
  pxc_sprites_peer(sprites_allegro sprites_allegro.c "${PXC_ALLEGRO_LIBRARY}" "${PXC_GL_LIBRARY}")
  target_include_directories(sprites_allegro SYSTEM PRIVATE "${PXC_ALLEGRO_INCLUDE}")
  pxc_compile_options(sprites_allegro)
endif()
