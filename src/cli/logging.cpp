#include "cli/logging.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "config/environment.hpp"

namespace jina::cli {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string variable(const char* name) { return lower(config::environment_value(name)); }

spdlog::level::level_enum level_of(const std::string& name) {
  if (name == "debug") return spdlog::level::debug;
  if (name == "warning" || name == "warn") return spdlog::level::warn;
  if (name == "error") return spdlog::level::err;
  if (name == "critical") return spdlog::level::critical;
  return spdlog::level::info;  // "success" lies between info and warning
}

}  // namespace

void set_up_logging(const std::string& name, const config::OptionBag& options) {
  spdlog::drop(name);  // of a command that ran before in this process
  auto logger = spdlog::stderr_color_mt(name);
  const auto from_variable = variable("JINA_LOG_CONFIG");
  const auto form = from_variable.empty() ? lower(options.text("log-config")) : from_variable;
  logger->set_level(options.flag("quiet") || form == "quiet" ? spdlog::level::off : level_of(variable("JINA_LOG_LEVEL")));
  if (form == "json")
    logger->set_pattern(R"({"created":"%Y-%m-%dT%H:%M:%S.%e%z","name":"%n","process":%P,"levelname":"%l","msg":"%v"})");
  else if (!config::environment_value(kInFlowVariable).empty())
    logger->set_pattern("%^[%L]%$ %v");
  else
    logger->set_pattern("%^%n@%P[%L]%$: %v");
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace jina::cli
