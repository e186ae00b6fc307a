#include "cli/flow_progress.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace jina::cli {
namespace {

using flow::PodPhase;
using flow::PodProgress;

std::string_view word(PodPhase phase) {
  switch (phase) {
    case PodPhase::kStarting: return "starting";
    case PodPhase::kCompiling: return "compiling";
    case PodPhase::kLoading: return "loading";
    case PodPhase::kReady: return "ready";
    case PodPhase::kPausing: return "waiting";
    case PodPhase::kEnded: return "ended";
  }
  return "";
}

std::string seconds(std::chrono::steady_clock::duration time) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
}

/// "3.2 s: store.cpp", "after 312 ms".
std::string says(const PodProgress& pod, ProgressTime now) {
  if (pod.phase == PodPhase::kReady) return fmt::format("after {} ms", pod.took ? pod.took->count() : 0);
  if (pod.phase == PodPhase::kEnded) return pod.detail;
  return seconds(now - pod.since) + (pod.detail.empty() ? "" : ": " + pod.detail);
}

std::string coloured(const Style& style, PodPhase phase, const std::string& text) {
  switch (phase) {
    case PodPhase::kReady: return style.green(text);
    case PodPhase::kEnded: return style.red(text);
    case PodPhase::kPausing: return style.yellow(text);
    default: return style.cyan(text);
  }
}

/// At most `width` columns; a cut line ends in "...". One line stays one line.
std::string cut(std::string text, std::size_t width) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  if (text.size() <= width) return text;
  std::size_t end = width > 3 ? width - 3 : 0;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not within a character
  return text.substr(0, end) + "...";
}

}  // namespace

std::vector<std::string> progress_block(const std::vector<PodProgress>& pods, ProgressTime now, const Style& style,
                                        std::size_t width, std::size_t height) {
  const auto ready = std::count_if(pods.begin(), pods.end(), [](const auto& pod) { return pod.phase == PodPhase::kReady; });
  if (static_cast<std::size_t>(ready) == pods.size()) return {};
  std::vector<std::string> lines{style.bold(fmt::format("{} of {} ready", ready, pods.size()))};
  const bool short_of_lines = pods.size() + 1 > height;
  std::size_t name = 0;
  for (const auto& pod : pods) name = std::max(name, pod.name.size());
  name = std::min(name, width / 2);
  std::size_t left_out = 0;
  for (const auto& pod : pods) {
    if (short_of_lines && pod.phase == PodPhase::kReady) continue;
    if (lines.size() + 1 >= std::max<std::size_t>(height, 3)) {
      ++left_out;
      continue;
    }
    const std::string head = fmt::format("  {:<{}}  ", cut(pod.name, name), name);
    const std::string phase = fmt::format("{:<9}", word(pod.phase));
    const std::size_t room = width > head.size() + phase.size() + 2 ? width - head.size() - phase.size() - 2 : 0;
    lines.push_back(head + coloured(style, pod.phase, phase) + "  " + cut(says(pod, now), room));
  }
  if (left_out > 0) lines.push_back(fmt::format("  and {} more", left_out));
  return lines;
}

std::vector<std::string> ProgressNotes::notes(const std::vector<PodProgress>& pods, ProgressTime now) {
  constexpr auto kFirst = std::chrono::seconds(5);
  constexpr auto kThen = std::chrono::seconds(10);
  std::vector<std::string> out;
  std::vector<std::string> missing;
  if (!next_) next_ = now + kFirst;
  for (const auto& pod : pods) {
    if (pod.phase != PodPhase::kReady)
      missing.push_back(fmt::format("{} ({}, {})", pod.name, word(pod.phase), says(pod, now)));
    else if (!complete_ && ready_.insert(pod.name).second)  // later the launcher says it
      out.push_back(fmt::format("{} is ready {}", pod.name, says(pod, now)));
  }
  if (missing.empty()) complete_ = true;
  if (complete_ || now < *next_) return out;
  out.push_back(fmt::format("waiting for {}", fmt::join(missing, "; ")));
  next_ = now + kThen;
  return out;
}

}  // namespace jina::cli
