# jina_embed_docs_assets(TARGET) adds the files of Swagger UI and ReDoc to TARGET (see tools/fetch_docs_assets).
# A build without network still succeeds: the table is empty then, and the next configure tries again.
option(JINA_DOCS_ASSETS "Fetch Swagger UI and ReDoc (a pinned wheel) and embed them; OFF: plain pages" ON)
set(JINA_DOCS_ASSETS_WHEEL "" CACHE FILEPATH "The wheel, when it is at hand already")

function(jina_embed_docs_assets target)
  find_package(Python3 COMPONENTS Interpreter QUIET)
  set(folder ${CMAKE_BINARY_DIR}/docs_assets)
  if(EXISTS ${folder}/missing)
    file(REMOVE ${folder}/docs_assets.cpp)
  endif()
  set(flags "")
  if(NOT JINA_DOCS_ASSETS)
    list(APPEND flags --offline)
  elseif(JINA_DOCS_ASSETS_WHEEL)
    list(APPEND flags --wheel ${JINA_DOCS_ASSETS_WHEEL})
  endif()
  if(NOT Python3_Interpreter_FOUND)
    file(MAKE_DIRECTORY ${folder})
    file(WRITE ${folder}/docs_assets.cpp "#include \"app/docs_assets.hpp\"\nstd::span<const jina::app::DocsAsset> jina::app::docs_assets() noexcept { return {}; }\n")
    message(STATUS "No python3: /docs and /redoc will be plain pages")
  else()
    add_custom_command(OUTPUT ${folder}/docs_assets.cpp
      COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/fetch_docs_assets ${folder} ${flags}
      DEPENDS ${CMAKE_SOURCE_DIR}/tools/fetch_docs_assets
      COMMENT "Fetching the files of /docs and /redoc" VERBATIM)
  endif()
  target_sources(${target} PRIVATE ${folder}/docs_assets.cpp)
  target_link_libraries(${target} PRIVATE ZLIB::ZLIB)
endfunction()
