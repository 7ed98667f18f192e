# Generates glad's OpenGL loader into the build tree, once, from the packaged generator.
#
# --reproducible takes the specification from the package, so no network is needed; --mx keeps function pointers in a
# struct. The loader's two functions would still clash with an application's own glad in a static link, so each
# library that compiles the loader renames them with its own prefix.
set(PXC_GLAD_DIR "${PROJECT_BINARY_DIR}/glad")
set(PXC_GLAD_EXTENSIONS GL_ARB_ES2_compatibility GL_ARB_base_instance GL_ARB_buffer_storage GL_ARB_copy_image
                        GL_ARB_texture_storage GL_KHR_debug GL_KHR_robustness)

list(JOIN PXC_GLAD_EXTENSIONS "," pxc_glad_extensions)
set(pxc_glad_wanted "${pxc_glad_extensions},NULL") # NULL: see below
if(NOT EXISTS "${PXC_GLAD_DIR}/src/gl.c" OR NOT "${PXC_GLAD_DONE}" STREQUAL "${pxc_glad_wanted}")
  execute_process(
    COMMAND "${PXC_GLAD}" --reproducible --api gl:core=3.3 --extensions "${pxc_glad_extensions}"
            --out-path "${PXC_GLAD_DIR}" --quiet c --mx
    RESULT_VARIABLE pxc_glad_result OUTPUT_VARIABLE pxc_glad_output ERROR_VARIABLE pxc_glad_output)
  if(NOT pxc_glad_result EQUAL 0)
    message(FATAL_ERROR "glad's generator failed: ${pxc_glad_output}")
  endif()
  # On a lost context glGetStringi answers NULL, and where memory is short a copy is NULL: glad would read both.
  file(READ "${PXC_GLAD_DIR}/src/gl.c" pxc_glad_source)
  string(REPLACE "context->GetStringi(GL_EXTENSIONS, index);"
                 "context->GetStringi(GL_EXTENSIONS, index);\n            if (gl_str_tmp == NULL) gl_str_tmp = \"\";"
                 pxc_glad_safe "${pxc_glad_source}")
  string(REPLACE "if(strcmp(e, ext) == 0)" "if(e != NULL && strcmp(e, ext) == 0)" pxc_glad_safe "${pxc_glad_safe}")
  file(WRITE "${PXC_GLAD_DIR}/src/gl.c" "${pxc_glad_safe}")
  set(PXC_GLAD_DONE "${pxc_glad_wanted}" CACHE INTERNAL "what the generated loader knows")
endif()

# pxc_add_glad(<target> <prefix>): compiles the loader into the target.
function(pxc_add_glad target prefix)
  target_sources(${target} PRIVATE "${PXC_GLAD_DIR}/src/gl.c")
  target_include_directories(${target} SYSTEM PRIVATE "${PXC_GLAD_DIR}/include")
  target_compile_definitions(${target} PRIVATE gladLoadGLContext=${prefix}_glad_load
                                               gladLoadGLContextUserPtr=${prefix}_glad_load_user)
  set_source_files_properties("${PXC_GLAD_DIR}/src/gl.c" PROPERTIES COMPILE_OPTIONS -w TARGET_DIRECTORY ${target})
endfunction()
