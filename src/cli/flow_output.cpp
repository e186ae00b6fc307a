#include "cli/flow_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace jina::cli {

namespace {
constexpr std::size_t kRemembered = 100;
}

FlowOutput::FlowOutput(Console& console, const flow::LaunchPlan& plan, bool live) : console_(console), live_(live) {
  for (const auto& pod : plan.pods) {
    name_width_ = std::max(name_width_, pod.name.size());
    numbers_.emplace(pod.name, numbers_.size());
  }
}

void FlowOutput::draw(std::vector<std::string> block) {
  if (block == block_) return;
  std::string text;
  if (!block_.empty()) text += fmt::format("\x1b[{}A\r\x1b[J", block_.size());  // up, and everything below is gone
  for (const auto& line : block) text += line + "\n";
  console_.err << text << std::flush;
  block_ = std::move(block);
}

void FlowOutput::above_block(const std::function<void()>& write) {
  auto block = block_;
  draw({});
  write();
  console_.out << std::flush;
  console_.err << std::flush;
  draw(std::move(block));
}

void FlowOutput::line(const std::string& pod, bool error, std::string_view text) {
  printed_.emplace_back(text);
  if (printed_.size() > kRemembered) printed_.pop_front();
  auto& stream = error ? console_.err : console_.out;
  const auto& style = error ? console_.err_style : console_.out_style;
  above_block([&] {
    stream << style.numbered(numbers_[pod], fmt::format("{:<{}}", pod, name_width_)) << style.dim(" | ") << text << "\n";
  });
}

void FlowOutput::note(std::string_view text) {
  above_block([&] {
    console_.err << console_.err_style.bold(fmt::format("{:<{}}", "flow", name_width_)) << console_.err_style.dim(" | ") << text
                 << "\n";
  });
}

void FlowOutput::progress(const std::vector<flow::PodProgress>& pods, ProgressTime now) {
  if (live_) return draw(progress_block(pods, now, console_.err_style, static_cast<std::size_t>(terminal_width(2)) - 1, 20));
  for (const auto& text : notes_.notes(pods, now)) note(text);
}

void FlowOutput::tell(const flow::CrashReport& report) {
  const auto& style = console_.err_style;
  const auto indented = [&](std::string_view text) { console_.err << "  " << text << "\n"; };
  for (const auto& hint : report.hints) indented(hint);
  constexpr std::size_t kFrames = 16;
  if (!report.backtrace.empty()) indented("where it was:");
  for (std::size_t i = 0; i < std::min(kFrames, report.backtrace.size()); ++i)
    indented(style.dim(fmt::format("#{:<2} ", i)) + report.backtrace[i]);
  // What a compiler or a traceback says is long enough once.
  const auto& lines = report.last_errors;
  const bool just_printed = printed_.size() >= lines.size() && std::equal(lines.rbegin(), lines.rend(), printed_.rbegin());
  if (!lines.empty() && !just_printed) {
    indented("the last it said:");
    for (const auto& line : lines) indented(style.dim("> ") + line);
  }
  if (!report.file.empty()) indented("report: " + report.file.string());
}

void FlowOutput::crash(const flow::CrashReport& report) {
  note(console_.err_style.yellow(report.sentence) + "; " + report.next);
  above_block([&] { tell(report); });
}

void FlowOutput::failure(const flow::CrashReport& report) {
  draw({});
  console_.fail("flow", report.sentence);
  if (!report.next.empty()) console_.err << "  " << report.next << "\n";
  tell(report);
  console_.err << std::flush;
}

void FlowOutput::ready(const std::vector<flow::EndpointRow>& rows) {
  draw({});
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
