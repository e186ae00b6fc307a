# Language level, warnings, sanitizers and the linker, for every target of the project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
# Everywhere, so that all targets can share the precompiled header.
add_compile_options(-pthread)
# Nobody replaces functions of ours from outside, so they may be inlined and called directly although the code is -fPIC.
add_compile_options(-fno-semantic-interposition)
add_link_options(-pthread)
# -g1 keeps backtraces readable at a fifth of the size and link time of -g.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

add_library(jina_options INTERFACE)
target_compile_options(jina_options INTERFACE -Wall -Wextra -Wpedantic -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these two inside libstdc++ and Asio coroutine frames, where they do not hold.
  target_compile_options(jina_options INTERFACE -Wno-maybe-uninitialized -Wno-mismatched-new-delete)
endif()

if(JINA_SANITIZE)
  add_compile_options(-fsanitize=${JINA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${JINA_SANITIZE})
  if(JINA_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Every file that has Asio: it puts fences around handlers, which the sanitizer does not see. What orders them are its mutexes.
    add_compile_options(-Wno-tsan)
  endif()
endif()

find_program(JINA_MOLD mold)
if(JINA_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()
find_program(JINA_CCACHE ccache)
if(JINA_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${JINA_CCACHE})
endif()
