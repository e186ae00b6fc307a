# What `cmake --install` puts where: the program, the headers, one archive of all libraries, the CMake package and pkg-config files.
# Included last, when all libraries are known.
if(JINA_SANITIZE)
  return()  # nothing that anybody installs
endif()
include(CMakePackageConfigHelpers)

# What the libraries link, how a CMake package finds it, and how a linker does. A new dependency gets a line here.
set(JINA_DEPENDENCIES
  "Boost::headers|find_dependency(Boost 1.81)|"
  "Boost::json|find_dependency(Boost 1.81 COMPONENTS json)|-lboost_json"
  "Boost::url|find_dependency(Boost 1.81 COMPONENTS url)|-lboost_url"
  "Threads::Threads|find_dependency(Threads)|-pthread"
  "OpenSSL::SSL|find_dependency(OpenSSL)|-lssl -lcrypto"
  "OpenSSL::Crypto|find_dependency(OpenSSL)|-lcrypto"
  "protobuf::libprotobuf|find_dependency(Protobuf)|-lprotobuf"
  "ZLIB::ZLIB|find_dependency(ZLIB)|-lz"
  "yaml-cpp|find_dependency(yaml-cpp)|-lyaml-cpp"
  "spdlog::spdlog|find_dependency(spdlog)|-lspdlog"
  "fmt::fmt|find_dependency(fmt)|-lfmt"
  "PkgConfig::NGHTTP2|jina_find_pkg_config(NGHTTP2 libnghttp2)|-lnghttp2"
  "PkgConfig::PROMETHEUS|jina_find_pkg_config(PROMETHEUS prometheus-cpp-core)|-lprometheus-cpp-core"
  "PkgConfig::RE2|jina_find_pkg_config(RE2 re2)|-lre2"
  "${CMAKE_DL_LIBS}||-l${CMAKE_DL_LIBS}")

get_property(libraries GLOBAL PROPERTY JINA_LIBRARIES)
set(objects "")
set(linked Boost::headers Threads::Threads)
foreach(library ${libraries})
  list(APPEND objects $<TARGET_OBJECTS:${library}>)
  get_target_property(names ${library} LINK_LIBRARIES)
  list(APPEND linked ${names})
endforeach()
list(REMOVE_DUPLICATES linked)
list(FILTER linked EXCLUDE REGEX "^jina_")

set(find_calls "")
set(linker_words "")
set(link_only "")
foreach(name ${linked})
  set(row ${JINA_DEPENDENCIES})
  list(FILTER row INCLUDE REGEX "^${name}\\|")
  if(NOT row)
    message(FATAL_ERROR "The libraries link ${name}: say in cmake/JinaInstall.cmake how users of the installed package find it")
  endif()
  string(REPLACE "|" ";" row "${row}")
  list(GET row 1 find_call)
  list(GET row 2 words)
  list(APPEND find_calls "${find_call}")
  string(REPLACE " " ";" words "${words}")
  list(APPEND linker_words ${words})
  list(APPEND link_only "$<LINK_ONLY:${name}>")
endforeach()
list(REMOVE_DUPLICATES find_calls)
list(REMOVE_DUPLICATES linker_words)
list(JOIN find_calls "\n" JINA_FIND_CALLS)
list(JOIN linker_words " " JINA_LINKER_WORDS)

# jina::module: what a module is compiled with.
add_library(jina_headers INTERFACE)
target_include_directories(jina_headers INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(jina_headers INTERFACE cxx_std_20)
get_target_property(definitions jina_asio INTERFACE_COMPILE_DEFINITIONS)
target_compile_definitions(jina_headers INTERFACE ${definitions})
target_link_libraries(jina_headers INTERFACE Boost::headers Threads::Threads)
set_target_properties(jina_headers PROPERTIES EXPORT_NAME module)
list(TRANSFORM definitions PREPEND "-D")
list(JOIN definitions " " JINA_DEFINITIONS)

# libjina.a: the objects of all libraries, so that users link one thing.
add_library(jina_archive STATIC ${objects})
target_link_libraries(jina_archive PRIVATE ${link_only})
set_target_properties(jina_archive PROPERTIES OUTPUT_NAME jina EXPORT_NAME archive LINKER_LANGUAGE CXX
  ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

# jina::jina: a program of the user's. All of the archive is in it and exported, for the modules that it loads.
add_library(jina_program INTERFACE)
# By its exported name: inside of LINK_LIBRARY the export renames nothing.
target_link_libraries(jina_program INTERFACE jina_headers $<INSTALL_INTERFACE:$<LINK_LIBRARY:WHOLE_ARCHIVE,jina::archive>>)
target_link_options(jina_program INTERFACE -rdynamic)
set_target_properties(jina_program PROPERTIES EXPORT_NAME jina)

set(package ${CMAKE_BINARY_DIR}/package)
set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/jina)
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/package/jinaConfig.cmake.in ${package}/jinaConfig.cmake
  INSTALL_DESTINATION ${config_folder} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change the module ABI.
write_basic_package_version_file(${package}/jinaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
file(RELATIVE_PATH JINA_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" JINA_PC_TO_PREFIX "${JINA_PC_TO_PREFIX}")
configure_file(${CMAKE_SOURCE_DIR}/cmake/package/jina.pc.in ${package}/jina.pc @ONLY)
configure_file(${CMAKE_SOURCE_DIR}/cmake/package/jina-module.pc.in ${package}/jina-module.pc @ONLY)

add_custom_command(OUTPUT ${package}/jina.bash ${package}/_jina ${package}/jina.fish
  COMMAND jina_main completions bash > ${package}/jina.bash
  COMMAND jina_main completions zsh > ${package}/_jina
  COMMAND jina_main completions fish > ${package}/jina.fish
  DEPENDS jina_main VERBATIM COMMENT "Writing shell completions")
add_custom_target(jina_completions ALL DEPENDS ${package}/jina.bash ${package}/_jina ${package}/jina.fish)
# What has to be built before `cmake --install`.
add_custom_target(jina_package DEPENDS jina_main jina_archive jina_completions)

install(TARGETS jina_main RUNTIME)
install(TARGETS jina_headers jina_archive jina_program EXPORT jinaTargets ARCHIVE)
install(DIRECTORY include/jina DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT jinaTargets NAMESPACE jina:: DESTINATION ${config_folder})
install(FILES ${package}/jinaConfig.cmake ${package}/jinaConfigVersion.cmake cmake/package/jina_add_module.cmake
  DESTINATION ${config_folder})
install(FILES ${package}/jina.pc ${package}/jina-module.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${package}/jina.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME jina)
install(FILES ${package}/_jina DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${package}/jina.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
# Nine tenths of the archive are debug information in any build that has some; Debug keeps it.
if(CMAKE_STRIP AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  install(CODE "execute_process(COMMAND \"${CMAKE_STRIP}\" --strip-debug \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/libjina.a\" COMMAND_ERROR_IS_FATAL ANY)")
endif()
