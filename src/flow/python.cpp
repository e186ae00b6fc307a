#include "flow/python.hpp"

#include <map>
#include <mutex>

#include "base/subprocess.hpp"
#include "config/environment.hpp"

namespace jina::flow {

namespace {

/// Asked once for each interpreter: a Flow is checked before it is planned, and some of them take a while to answer.
bool has_jina(const std::string& interpreter) {
  static std::mutex mutex;
  static std::map<std::string, bool> known;
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(interpreter); found != known.end()) return found->second;
  // Only whether it is there: importing it would take a second.
  const auto answer =
      run_command({interpreter, "-c", "import importlib.util as u, sys; sys.exit(0 if u.find_spec('jina') else 3)"}, "/");
  return known[interpreter] = answer.exit_code == 0;
}

}  // namespace

Result<std::string> Pythons::find(const DeploymentSpec& spec, const std::string& file) {
  if (const auto own = spec.options.text("python"); !own.empty()) return named(own, "python", spec.directory.string());
  if (!preferred_.empty()) return named(preferred_, "--python", "");
  if (const auto variable = config::environment_value("JINA_PYTHON"); !variable.empty()) return named(variable, "JINA_PYTHON", "");
  std::string without;
  for (const char* name : {"python3", "python"}) {
    const auto program = find_program(name);
    if (program.empty()) continue;
    if (has_jina(program)) return program;
    without += (without.empty() ? "" : ", ") + program;
  }
  return Status{
      StatusCode::kFailedPrecondition,
      "'" + file + "' is Python, and " +
          (without.empty() ? "there is no python3 or python on PATH" : without + " has no Jina installed") +
          "; 'pip install jina', or name an interpreter that has it: 'python: FILE' in this item, 'jina flow --python FILE' "
          "or JINA_PYTHON=FILE"};
}

Result<std::string> Pythons::named(const std::string& name, const std::string& who, const std::string& directory) {
  // A path counts from the YAML that has it, a bare name is looked for on PATH.
  const bool beside = name.find('/') != name.npos && !directory.empty();
  const auto program = find_program(beside ? (std::filesystem::path(directory) / name).string() : name);
  if (program.empty())
    return Status{StatusCode::kNotFound, who + ": '" + name + "' is no program; name a Python interpreter that has Jina"};
  if (!has_jina(program))
    return Status{StatusCode::kFailedPrecondition,
                  who + ": " + name + " has no Jina installed; '" + name + " -m pip install jina', or name another interpreter"};
  return program;
}

}  // namespace jina::flow
