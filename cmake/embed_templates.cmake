# cmake -DROOT= -DFILES= -DOUTPUT= -P: writes FILES (below ROOT) as a C++ table of raw strings.
set(rows "")
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH path ${ROOT} ${file})
  string(REGEX MATCH "^([^/]+)/(.*)$" path ${path})
  set(kind ${CMAKE_MATCH_1})
  set(path ${CMAKE_MATCH_2})
  file(READ ${file} text)
  string(APPEND rows "    {\"${kind}\", \"${path}\", R\"=file=(${text})=file=\"},\n")
endforeach()
file(WRITE ${OUTPUT}
  "#include \"cli/template_files.hpp\"\n\nstd::span<const jina::cli::TemplateFile> jina::cli::template_files() noexcept {\n"
  "  static constexpr TemplateFile kFiles[] = {\n" "${rows}" "  };\n  return kFiles;\n}\n")
