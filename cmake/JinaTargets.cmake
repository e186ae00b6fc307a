# jina_library(NAME DEPS...) makes the static library jina_NAME of the current folder (all *.cpp but *_test.cpp) and,
# where the folder has *_test.cpp files, the test program NAME_test linked with it.
# New files are picked up by the next build (CONFIGURE_DEPENDS): nothing to edit here when a file is added.

add_library(jina_pch_asio OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch_asio.cpp)
target_link_libraries(jina_pch_asio PRIVATE jina_options jina_asio spdlog::spdlog fmt::fmt)
if(JINA_PCH)
  target_precompile_headers(jina_pch_asio PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_asio.hpp)
endif()

function(jina_use_pch target)
  if(JINA_PCH)
    target_precompile_headers(${target} REUSE_FROM jina_pch_asio)
  endif()
endfunction()

# Compiles an executable as the libraries are (-fPIC instead of -fPIE), so that it can use their precompiled header.
function(jina_like_library target)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fPIC)
  jina_use_pch(${target})
endfunction()

function(jina_library name)
  cmake_parse_arguments(ARG "NO_PCH" "" "DEPS;TEST_DEPS;EXCLUDE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(name_of_file ${ARG_EXCLUDE})
    list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/${name_of_file})
  endforeach()
  set(test_sources ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER test_sources INCLUDE REGEX "_test\\.cpp$")
  if(NOT sources)
    message(FATAL_ERROR "jina_library(${name}): no source files in ${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  add_library(jina_${name} STATIC ${sources})
  set_property(GLOBAL APPEND PROPERTY JINA_LIBRARIES jina_${name})  # what cmake/JinaInstall.cmake puts together
  target_include_directories(jina_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(jina_${name} PRIVATE jina_options PUBLIC jina_asio spdlog::spdlog fmt::fmt ${ARG_DEPS})
  if(NOT ARG_NO_PCH)
    jina_use_pch(jina_${name})
  endif()
  if(JINA_BUILD_TESTS AND test_sources)
    jina_test(${name}_test SOURCES ${test_sources} DEPS jina_${name} ${ARG_TEST_DEPS})
  endif()
endfunction()

function(jina_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE jina_options ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  jina_like_library(${name})
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()
