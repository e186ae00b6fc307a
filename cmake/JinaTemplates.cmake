# jina_embed_templates(TARGET) adds the files of templates/ to TARGET as a table (src/cli/template_files.hpp).
# A new file is picked up by the next build; a changed one only makes the table again.
function(jina_embed_templates target)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS LIST_DIRECTORIES false
    ${CMAKE_SOURCE_DIR}/templates/common/* ${CMAKE_SOURCE_DIR}/templates/common/.*
    ${CMAKE_SOURCE_DIR}/templates/gateway/* ${CMAKE_SOURCE_DIR}/templates/executor/* ${CMAKE_SOURCE_DIR}/templates/flow/*)
  list(SORT files)
  set(table ${CMAKE_BINARY_DIR}/templates/template_files.cpp)
  add_custom_command(OUTPUT ${table}
    COMMAND ${CMAKE_COMMAND} -DROOT=${CMAKE_SOURCE_DIR}/templates "-DFILES=${files}" -DOUTPUT=${table}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_templates.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_templates.cmake
    COMMENT "Embedding templates/" VERBATIM)
  target_sources(${target} PRIVATE ${table})
endfunction()
