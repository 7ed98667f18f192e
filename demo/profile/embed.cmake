# Makes a C file of text files: with -DOUTPUT=F.c "-DNAMES=a;b;b" "-DFILES=A;B;C" it defines the strings a, which is A,
# and b, which is B and C.
set(text "/* Made by embed.cmake. */\n")
foreach(name file IN ZIP_LISTS NAMES FILES)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
  string(APPEND bytes_of_${name} "${bytes}\n")
endforeach()
list(REMOVE_DUPLICATES NAMES)
foreach(name IN LISTS NAMES)
  string(APPEND text "extern const char ${name}[];\nconst char ${name}[] = {\n${bytes_of_${name}}0};\n")
endforeach()
file(WRITE "${OUTPUT}" "${text}")
