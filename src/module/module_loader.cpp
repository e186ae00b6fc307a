#include "module/module_loader.hpp"

#include <dlfcn.h>

#include "jina/module.hpp"
#include "module/module_compiler.hpp"

namespace jina {
namespace {
namespace fs = std::filesystem;

Status load_shared_object(const fs::path& shown, const fs::path& file, Registry& registry) {
  void* handle = dlopen(fs::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* why = dlerror();
    return {StatusCode::kFailedPrecondition, "module " + shown.string() + " can not be loaded: " + (why != nullptr ? why : "unknown reason") +
                                                 ". A missing jina symbol means that it was built against another version: build it again"};
  }
  const auto* info = static_cast<const detail::ModuleInfo*>(dlsym(handle, "jina_module"));
  if (info == nullptr)
    return {StatusCode::kFailedPrecondition, "module " + shown.string() + " registers nothing: write JINA_MODULE(registry) { registry.add<...>(\"...\"); } in it"};
  if (info->abi != JINA_ABI)
    return {StatusCode::kFailedPrecondition, "module " + shown.string() + " was built against jina " + info->version + " (ABI " + std::to_string(info->abi) +
                                                 "), this is jina " JINA_VERSION " (ABI " + std::to_string(JINA_ABI) + "): build it again"};
  try {
    info->register_classes(registry);
  } catch (const std::exception& error) {
    return {StatusCode::kFailedPrecondition, "module " + shown.string() + ": " + error.what()};
  }
  return {};
}
}  // namespace

Status load_module(const fs::path& path, Registry& registry, const ModuleOptions& options) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return {StatusCode::kNotFound, "there is no module " + path.string() + " (looked in " + fs::current_path(error).string() + ")"};
  const std::string extension = path.extension().string();
  if (extension == ".so") return load_shared_object(path, path, registry);
  if (extension == ".py")
    return {StatusCode::kInvalidArgument, "module " + path.string() + " is Python; a C++ runtime loads .cpp and .so. Port the class to C++, or let Python's own jina run it"};
  if (extension != ".cpp" && extension != ".cc" && extension != ".cxx")
    return {StatusCode::kInvalidArgument, "module " + path.string() + " has the ending '" + extension + "'; a .cpp or a .so is expected"};
  Result<fs::path> compiled = compile_module(path, options);
  if (!compiled) return std::move(compiled).error();
  return load_shared_object(path, *compiled, registry);
}

}  // namespace jina
