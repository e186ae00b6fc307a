#include "module/load_guard.hpp"

#include <cxxabi.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <thread>
#include <typeinfo>

#include "base/demangle.hpp"

namespace jina {
namespace {

struct Loading {
  const std::string* module;
  const std::function<void(const std::string&)>* report;
  std::thread::id thread;
  std::terminate_handler before;
};
// Of the only guard there is; the handlers below have no other way to it.
std::optional<Loading> loading;

[[noreturn]] void end_process(const std::string& why) {
  const Loading now = *loading;  // NOLINT(bugprone-unchecked-optional-access): its callers looked
  loading.reset();               // what the report does must not come here again
  const std::string message = "module " + *now.module + " " + why;
  if (*now.report)
    (*now.report)(message);
  else
    std::cerr << "jina: error: " << message << std::endl;
  // Nothing else runs: the loader holds its lock, and the module is half made.
  _exit(1);
}

void on_terminate() {
  if (!loading) std::abort();
  if (loading->thread != std::this_thread::get_id()) {
    loading->before();
    std::abort();
  }
  if (std::current_exception() == nullptr) end_process("called std::terminate while it was loaded");
  end_process("threw in a static initialiser: " + describe_current_exception());
}

void on_process_exit(int code, void*) {
  if (loading && loading->thread == std::this_thread::get_id())
    end_process("ended the process (exit code " + std::to_string(code) + ") while it was loaded");
}

}  // namespace

std::string describe_current_exception() {
  std::string text;
  if (const std::type_info* type = abi::__cxa_current_exception_type()) text = demangled(type->name());
  try {
    throw;
  } catch (const std::exception& error) {
    text += std::string(": ") + error.what();
  } catch (...) {  // its type is all there is to say
  }
  return text;
}

LoadGuard::LoadGuard(const std::string& module, const std::function<void(const std::string&)>& report) {
  static const int once = on_exit(&on_process_exit, nullptr);
  static_cast<void>(once);
  loading = Loading{&module, &report, std::this_thread::get_id(), std::set_terminate(&on_terminate)};
}

LoadGuard::~LoadGuard() {
  if (loading) std::set_terminate(loading->before);
  loading.reset();
}

}  // namespace jina
