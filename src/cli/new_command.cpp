// `jina new`: a small project to start from.
#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "cli/command.hpp"
#include "cli/project.hpp"
#include "config/suggest.hpp"
#include "flow/process.hpp"
#include "jina/version.hpp"

namespace jina::cli {
namespace {

namespace fs = std::filesystem;

const config::OptionSet& new_options() {
  static const config::OptionSet set = [] {
    config::OptionSet options;
    options.add({.names = {"type"},
                 .kind = config::OptionKind::kChoice,
                 .help = "of a project that is named without its kind, as with Jina: 'deployment' makes an Executor",
                 .fallback = "flow",
                 .choices = {"flow", "deployment", "gateway", "executor"},
                 .exact_case = true});
    options.add({.names = {"list"}, .kind = config::OptionKind::kFlag, .help = "list the kinds of projects", .fallback = false});
    options.add({.names = {"force"},
                 .kind = config::OptionKind::kFlag,
                 .help = "write into a folder that exists: files of the project's are replaced, others stay",
                 .fallback = false});
    return options;
  }();
  return set;
}

/// What is to be made, and where.
struct Wish {
  const ProjectKind* kind = nullptr;
  fs::path folder{};
  std::string name{};  ///< an identifier
};

void list(Console& console) {
  for (const auto& kind : project_kinds())
    console.out << "  " << console.out_style.cyan("jina new " + std::string(kind.name) + " NAME")
                << std::string(11 - kind.name.size(), ' ') << kind.summary << "\n";
  console.out << std::flush;
}

Result<Wish> read_wish(const Invocation& call) {
  const auto& words = call.positionals;
  const auto refuse = [](const std::string& why) { return Status{StatusCode::kInvalidArgument, why}; };
  std::vector<std::string> kinds;
  for (const auto& kind : project_kinds()) kinds.emplace_back(kind.name);
  if (words.empty()) return refuse("say what, and its name: jina new gateway NAME (jina new --list shows what there is)");
  Wish wish;
  if (words.size() == 2) {
    wish.kind = find_project_kind(words[0]);
    if (wish.kind == nullptr)
      return refuse(fmt::format("there is no kind of project called '{}'{}; there are gateway, executor and flow", words[0],
                                config::did_you_mean(words[0], kinds)));
  } else if (find_project_kind(words[0]) != nullptr) {
    return refuse(fmt::format("the name is missing: jina new {} NAME", words[0]));
  } else {
    const auto type = call.options.text("type");
    wish.kind = find_project_kind(type == "deployment" ? "executor" : type);
  }
  // A path is a place and a name; "." and a '/' at the end are of no use for a name.
  wish.folder = fs::path(words.back()).lexically_normal();
  if (!wish.folder.has_filename()) wish.folder = wish.folder.parent_path();
  wish.name = wish.folder.filename().string();
  // Jina's own form takes 'hello-jina': the folder keeps that name.
  if (words.size() == 1) wish.name = identifier_of(wish.name);
  if (auto status = check_project_name(wish.name.empty() ? words.back() : wish.name); !status.ok()) return status;
  return wish;
}

/// Nothing there, or an empty folder.
bool is_free(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(folder, error))) return true;
  return fs::is_directory(folder, error) && fs::is_empty(folder, error);
}

int run(Console& console, Invocation& call) {
  if (call.options.flag("list")) {
    list(console);
    return kSuccess;
  }
  auto wish = read_wish(call);
  if (!wish) {
    console.fail("new", wish.error().message);
    return kUsage;
  }
  std::error_code error;
  if (!is_free(wish->folder) && !call.options.flag("force")) {
    console.fail("new", fmt::format("{} exists; choose another name, or write into it with --force", wish->folder.string()));
    return kFailure;
  }
  if (fs::exists(wish->folder, error) && !fs::is_directory(wish->folder, error)) {
    console.fail("new", wish->folder.string() + " is a file");
    return kFailure;
  }
  const auto files = make_project(
      *wish->kind,
      {.name = wish->name, .class_name = class_name_of(wish->name), .program = flow::own_executable(), .version = JINA_VERSION});
  if (auto status = write_project(wish->folder, files); !status.ok()) {
    console.fail("new", status.message);
    return kFailure;
  }
  const auto& style = console.out_style;
  console.out << style.bold(wish->folder.string() + "/") << "\n"
              << project_tree(files, "") << "\nNext:\n"
              << "  " << style.green("cd " + wish->folder.string()) << "\n"
              << "  " << style.green("./dev test") << "    compile it, start it, ask it\n"
              << "  " << style.green("./dev run") << "     serve until Ctrl-C\n"
              << std::flush;
  return kSuccess;
}

}  // namespace

Command new_command() {
  return {.name = "new",
          .summary = "make a small project: a gateway, an Executor or a Flow",
          .about =
              "Writes a folder with a project that builds, tests and runs at once: logic without a network, the class around it, "
              "its YAML, tests, a Dockerfile and one script, ./dev. NAME may be a path; its last part names the class.",
          .positionals = {"[KIND]", "NAME"},
          .words = {"gateway", "executor", "flow"},
          .examples = {{"jina new gateway my_gateway && cd my_gateway && ./dev test", "HTTP routes of your own"},
                       {"jina new executor my_executor", ""},
                       {"jina new flow my_flow", "a gateway and an Executor in one Flow"},
                       {"jina new hello-jina --type flow", "as Jina spells it"},
                       {"jina new --list", ""}},
          .options = new_options,
          .run = run};
}

}  // namespace jina::cli
