#include "cli/flow_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace jina::cli {

namespace {
constexpr std::size_t kRemembered = 100;
}

FlowOutput::FlowOutput(Console& console, const flow::LaunchPlan& plan) : console_(console) {
  for (const auto& pod : plan.pods) {
    name_width_ = std::max(name_width_, pod.name.size());
    numbers_.emplace(pod.name, numbers_.size());
  }
}

void FlowOutput::line(const std::string& pod, bool error, std::string_view text) {
  printed_.emplace_back(text);
  if (printed_.size() > kRemembered) printed_.pop_front();
  auto& stream = error ? console_.err : console_.out;
  const auto& style = error ? console_.err_style : console_.out_style;
  stream << style.numbered(numbers_[pod], fmt::format("{:<{}}", pod, name_width_)) << style.dim(" | ") << text << std::endl;
}

void FlowOutput::note(std::string_view text) {
  console_.err << console_.err_style.bold(fmt::format("{:<{}}", "flow", name_width_)) << console_.err_style.dim(" | ") << text
               << std::endl;
}

void FlowOutput::failure(std::string_view sentence, const std::vector<std::string>& last_errors) {
  console_.fail("flow", sentence);
  const bool just_printed =
      printed_.size() >= last_errors.size() && std::equal(last_errors.rbegin(), last_errors.rend(), printed_.rbegin());
  if (last_errors.empty() || just_printed) return;
  console_.err << "  the last it said:\n";
  for (const auto& line : last_errors) console_.err << "  " << console_.err_style.dim("> ") << line << "\n";
  console_.err << std::flush;
}

void FlowOutput::ready(const std::vector<flow::EndpointRow>& rows) {
  console_.out << "\n" << endpoint_table(rows, console_.out_style) << "\n";
  console_.out << console_.out_style.green("The Flow is ready.") << " Ctrl-C stops it." << std::endl;
}

std::string endpoint_table(const std::vector<flow::EndpointRow>& rows, const Style& style) {
  std::size_t name = 4, protocol = 8, url = 7;
  for (const auto& row : rows) {
    name = std::max(name, row.name.size() + (row.external ? 11 : 0));
    protocol = std::max(protocol, row.protocol.size());
    url = std::max(url, row.url.size());
  }
  const auto cells = [&](std::string_view a, std::string_view b, std::string_view c, std::string_view d) {
    std::string line = fmt::format("  {:<{}}  {:<{}}  {:<{}}  {}", a, name, b, protocol, c, url, d);
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  };
  std::string out = style.bold(cells("name", "protocol", "address", "docs")) + "\n";
  for (const auto& row : rows) out += cells(row.name + (row.external ? " (external)" : ""), row.protocol, row.url, row.docs) + "\n";
  return out;
}

}  // namespace jina::cli
