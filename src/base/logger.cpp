#include "jina/logger.hpp"

#include <spdlog/spdlog.h>

namespace jina {
namespace {

void write(spdlog::level::level_enum level, const std::string& name, std::string_view text) {
  if (name.empty()) return spdlog::log(level, "{}", text);
  spdlog::log(level, "{}: {}", name, text);
}

}  // namespace

void Logger::debug(std::string_view text) const { write(spdlog::level::debug, name_, text); }
void Logger::info(std::string_view text) const { write(spdlog::level::info, name_, text); }
void Logger::warning(std::string_view text) const { write(spdlog::level::warn, name_, text); }
void Logger::error(std::string_view text) const { write(spdlog::level::err, name_, text); }

}  // namespace jina
