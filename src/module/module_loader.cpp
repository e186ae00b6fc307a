#include "module/module_loader.hpp"

#include <cxxabi.h>
#include <dlfcn.h>

#include <cstdlib>
#include <exception>

#include "jina/module.hpp"
#include "module/module_compiler.hpp"

namespace jina {
namespace {

namespace fs = std::filesystem;

Status refuse(const fs::path& module, const std::string& why) {
  return {StatusCode::kFailedPrecondition, "module " + module.string() + " " + why};
}

// The loader's words, with the mangled name of a missing symbol made readable.
std::string loader_error() {
  const char* text = dlerror();
  std::string message = text != nullptr ? text : "unknown reason";
  constexpr std::string_view kUndefined = "undefined symbol: ";
  const std::size_t at = message.find(kUndefined);
  if (at == std::string::npos) return message;
  const std::string symbol = message.substr(at + kUndefined.size());
  int status = 0;
  char* demangled = abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status);
  message =
      "'" + std::string(demangled != nullptr ? demangled : symbol.c_str()) +
      "' is defined nowhere. Define it in the module, name the library that has it, or, when it is one of jina's, build the module "
      "again with the headers of this version";
  std::free(demangled);
  return message;
}

std::string stamp(const char* version, int abi, int boost) {
  return "jina " + std::string(version) + " (module ABI " + std::to_string(abi) + ", Boost " + std::to_string(boost / 100000) +
         "." + std::to_string(boost / 100 % 1000) + ")";
}

Status check_version(const fs::path& module, const detail::ModuleInfo& info) {
  // Of a module with another ABI number only the first two members mean what they mean here.
  const bool same_abi = info.abi == JINA_ABI;
  if (same_abi && info.version == std::string_view(JINA_VERSION) && info.boost == BOOST_VERSION) return {};
  return refuse(module, "was built against " + stamp(info.version, info.abi, same_abi ? info.boost : BOOST_VERSION) + ", this is " +
                            stamp(JINA_VERSION, JINA_ABI, BOOST_VERSION) + ": build it again");
}

Status load_shared_object(const fs::path& module, const fs::path& file, Registry& registry) {
  // Never closed: objects of its classes, and types that Asio keeps, may outlive every owner that could do it.
  void* handle = dlopen(fs::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return refuse(module, "can not be loaded: " + loader_error());
  using Entry = const detail::ModuleInfo* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(handle, "jina_module"));
  if (entry == nullptr)
    return refuse(
        module,
        "registers nothing: it needs JINA_MODULE(registry) { registry.add<YourClass>(\"YourClass\"); } once, outside of every "
        "namespace");
  const detail::ModuleInfo& info = *entry();
  if (Status status = check_version(module, info); !status.ok()) return status;
  registry.set_module(module.string());
  Status status;
  try {
    info.add_classes(registry);
  } catch (const std::exception& error) {
    status = refuse(module, std::string("failed to register its classes: ") + error.what());
  }
  registry.set_module({});
  return status;
}

}  // namespace

Status load_module(const fs::path& path, Registry& registry, const ModuleOptions& options) {
  std::error_code error;
  const std::string extension = path.extension().string();
  if (extension == ".py")
    return {StatusCode::kInvalidArgument, "module " + path.string() +
                                              " is Python; this runtime loads .cpp and .so. Write the class in C++, or run it with "
                                              "Python's jina and connect to it as an external Executor"};
  const bool source = extension == ".cpp" || extension == ".cc" || extension == ".cxx";
  if (!source && extension != ".so")
    return {StatusCode::kInvalidArgument,
            "module " + path.string() + ": its name should end in .cpp (compiled when it is loaded) or .so"};
  if (!fs::is_regular_file(path, error)) {
    const fs::path place = fs::absolute(path, error).lexically_normal();
    return {StatusCode::kNotFound,
            "there is no module " + path.string() + (path.is_absolute() ? "" : " (looked for " + place.string() + ")")};
  }
  if (!source) return load_shared_object(path, path, registry);
  Result<fs::path> compiled = compile_module(path, options);
  if (!compiled) return std::move(compiled).error();
  return load_shared_object(path, *compiled, registry);
}

}  // namespace jina
