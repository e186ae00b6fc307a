// template_files(): the files of templates/, as the build embedded them (cmake/embed_templates.cmake).
//
// Thread: constant. Lifetime: static. Cancellation: none.
#pragma once
#include <span>
#include <string_view>

namespace jina::cli {

struct TemplateFile {
  std::string_view kind;  ///< "gateway", "executor", "flow", or "common": part of each
  std::string_view path;  ///< inside the new project
  std::string_view text;  ///< with my_name, MyName, ... still in it (templates/README.md)
};

std::span<const TemplateFile> template_files() noexcept;

}  // namespace jina::cli
