// to_svg(): cards and curves, in colours that follow the reader's light or dark theme.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "exporter/diagram.hpp"

namespace jina::exporter {

namespace {

constexpr double kTitleSize = 15, kSubtitleSize = 12, kNoteSize = 11;
constexpr double kPadding = 16, kNoteHeight = 19, kNoteGap = 6;
constexpr double kWidest = 250;

constexpr const char* kStyle = R"(<style>
  svg { --paper: #fbfcfe; --dot: #e4e9f1; --card: #ffffff; --edge: #d3dae6; --ink: #182234; --soft: #66728a; --note: #eef2f8; --line: #8b98b0;
        --native: #2f6fed; --python: #d29a00; --container: #0a9fc4; --external: #7b879d; --join: #8a63d2; --gateway: #12876f; --on: #ffffff; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #10151e; --dot: #1d2532; --card: #1a2230; --edge: #303c50; --ink: #e8edf6; --soft: #9aa7bd; --note: #263146; --line: #71809b;
          --native: #6b9cff; --python: #f0be3c; --container: #37c6ea; --external: #94a1b8; --join: #b290f5; --gateway: #1a9c81; --on: #ffffff; }
  }
  text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
  .paper { fill: var(--paper); } .dot { fill: var(--dot); }
  .card { fill: var(--card); stroke: var(--edge); stroke-width: 1.2; }
  .under { opacity: .75; }
  .external { stroke-dasharray: 5 4; stroke: var(--external); }
  .bar-native { fill: var(--native); } .bar-python { fill: var(--python); } .bar-container { fill: var(--container); }
  .bar-external { fill: var(--external); } .bar-join { fill: var(--join); }
  .pill { fill: var(--gateway); }
  .name { fill: var(--ink); font-weight: 600; font-size: 15px; } .heading { fill: var(--ink); font-weight: 700; font-size: 17px; }
  .sub { fill: var(--soft); font-size: 12px; } .on { fill: var(--on); } .on-soft { fill: var(--on); opacity: .85; font-size: 12px; }
  .note { fill: var(--note); } .note-text { fill: var(--soft); font-size: 11px; font-weight: 500; }
  .line { fill: none; stroke: var(--line); stroke-width: 1.7; } .loose { stroke-dasharray: 6 5; } .head { fill: var(--line); }
</style>
)";

const char* kind_name(BoxKind kind) {
  switch (kind) {
    case BoxKind::kPython: return "python";
    case BoxKind::kContainer: return "container";
    case BoxKind::kExternal: return "external";
    case BoxKind::kJoin: return "join";
    default: return "native";
  }
}

const char* kind_label(BoxKind kind) {
  switch (kind) {
    case BoxKind::kPython: return "Python";
    case BoxKind::kContainer: return "container";
    case BoxKind::kExternal: return "elsewhere";
    case BoxKind::kJoin: return "joins answers";
    default: return "C++";
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
  }
  return out;
}

/// About, and rather too much: which font the reader has is not known.
double text_width(std::string_view text, double size, bool bold = false) {
  double em = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) == 0x80U) continue;  // the rest of a character
    if (std::string_view("iljtfI.,:;'|!()[] ").find(c) != std::string_view::npos)
      em += 0.38;
    else if (std::string_view("mwMW@%").find(c) != std::string_view::npos)
      em += 0.95;
    else
      em += c >= 'A' && c <= 'Z' ? 0.72 : 0.61;
  }
  return em * size * (bold ? 1.08 : 1);
}

/// Cut from the front: the end of a path or an image says more.
std::string shortened(const std::string& text, double size, double widest) {
  if (text_width(text, size) <= widest) return text;
  std::string rest = text;
  while (!rest.empty() && text_width(rest, size) > widest - size) {
    do rest.erase(rest.begin());
    while (!rest.empty() && (static_cast<unsigned char>(rest.front()) & 0xC0U) == 0x80U);
  }
  return "…" + rest;
}

double note_width(const std::string& note) { return text_width(note, kNoteSize) + 16; }

std::vector<std::vector<std::string>> note_rows(const Box& box) {
  std::vector<std::vector<std::string>> rows;
  double left = 0;
  for (const auto& note : box.notes) {
    const auto shown = shortened(note, kNoteSize, kWidest - 16);
    if (rows.empty() || left + note_width(shown) > kWidest) {
      rows.emplace_back();
      left = 0;
    }
    rows.back().push_back(shown);
    left += note_width(shown) + kNoteGap;
  }
  return rows;
}

void measure(Box& box) {
  box.subtitle = shortened(box.subtitle, kSubtitleSize, kWidest);
  double width = std::max(text_width(box.title, kTitleSize, true), text_width(box.subtitle, kSubtitleSize));
  const auto rows = note_rows(box);
  for (const auto& row : rows) {
    double sum = -kNoteGap;
    for (const auto& note : row) sum += note_width(note) + kNoteGap;
    width = std::max(width, sum);
  }
  box.width = std::max(96.0, std::ceil(width) + 2 * kPadding + 4);
  box.height = 44 + (box.subtitle.empty() ? 0 : 18) + (rows.empty() ? 0 : 6 + static_cast<double>(rows.size()) * (kNoteHeight + 5));
}

void draw_notes(std::string& out, const Box& box, double left, double top) {
  for (const auto& row : note_rows(box)) {
    double x = left;
    for (const auto& note : row) {
      const double width = note_width(note);
      out += fmt::format(
          R"(  <rect class="note" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}" rx="9.5"/><text class="note-text" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)"
          "\n",
          x, top, width, kNoteHeight, x + width / 2, top + 13.5, escaped(note));
      x += width + kNoteGap;
    }
    top += kNoteHeight + 5;
  }
}

void draw(std::string& out, const Box& box) {
  const double left = box.x - box.width / 2, top = box.y - box.height / 2;
  const bool pill = box.kind == BoxKind::kGateway || box.kind == BoxKind::kEnd;
  std::string tip = box.title + (box.subtitle.empty() ? "" : ", " + box.subtitle);
  for (const auto& note : box.notes) tip += ", " + note;
  out += fmt::format("<g><title>{}</title>\n", escaped(tip));
  const char* shape = pill ? "pill" : box.kind == BoxKind::kExternal ? "card external" : "card";
  const double radius = pill ? std::min(24.0, box.height / 2) : 12;
  for (int copy = std::min(box.copies, 3) - 1; copy >= 0; --copy)
    out += fmt::format(R"(  <rect class="{}{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="{:.1f}"/>)"
                       "\n",
                       shape, copy > 0 ? " under" : "", left + 5 * copy, top - 5 * copy, box.width, box.height, radius);
  const double text_left = pill ? box.x : left + kPadding + 4;
  const char* anchor = pill ? "middle" : "start";
  if (!pill)
    out += fmt::format(R"(  <rect class="bar-{}" x="{:.1f}" y="{:.1f}" width="4" height="{:.1f}" rx="2"/>)"
                       "\n",
                       kind_name(box.kind), left + 8, top + 12, box.height - 24);
  double y = top + 27;
  out += fmt::format(R"(  <text class="name{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)"
                     "\n",
                     pill ? " on" : "", text_left, y, anchor, escaped(box.title));
  if (!box.subtitle.empty()) {
    y += 18;
    out += fmt::format(R"(  <text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)"
                       "\n",
                       pill ? "on-soft" : "sub", text_left, y, anchor, escaped(box.subtitle));
  }
  draw_notes(out, box, pill ? left + kPadding + 2 : text_left, y + 11);
  out += "</g>\n";
}

void draw(std::string& out, const Line& line, bool vertical) {
  const auto& points = line.through;
  std::string path = fmt::format("M{:.1f} {:.1f}", points.front().x, points.front().y);
  constexpr double kHead = 7;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    auto from = points[i], to = points[i + 1];
    if (i + 2 == points.size()) (vertical ? to.y : to.x) -= kHead;
    if (vertical)
      path += fmt::format(" C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", from.x, (from.y + to.y) / 2, to.x, (from.y + to.y) / 2,
                          to.x, to.y);
    else
      path += fmt::format(" C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", (from.x + to.x) / 2, from.y, (from.x + to.x) / 2, to.y,
                          to.x, to.y);
  }
  out += fmt::format(R"(<path class="line{}" d="{}"/>)", line.dashed ? " loose" : "", path);
  const auto tip = points.back();
  out += vertical ? fmt::format(R"(<path class="head" d="M{:.1f} {:.1f} l-4.5 -9 h9 z"/>)", tip.x, tip.y)
                  : fmt::format(R"(<path class="head" d="M{:.1f} {:.1f} l-9 -4.5 v9 z"/>)", tip.x, tip.y);
  out += "\n";
}

/// Which bar means what, for those that there are.
std::string legend(const Diagram& diagram, double y, double& right) {
  std::string out;
  double x = 32;
  for (const auto kind : {BoxKind::kNative, BoxKind::kPython, BoxKind::kContainer, BoxKind::kExternal, BoxKind::kJoin}) {
    if (std::none_of(diagram.boxes.begin(), diagram.boxes.end(), [&](const Box& box) { return box.kind == kind; })) continue;
    out += fmt::format(
        R"(<rect class="bar-{}" x="{:.1f}" y="{:.1f}" width="4" height="12" rx="2"/><text class="note-text" x="{:.1f}" y="{:.1f}">{}</text>)"
        "\n",
        kind_name(kind), x, y, x + 10, y + 10, kind_label(kind));
    x += 10 + text_width(kind_label(kind), kNoteSize) + 20;
  }
  right = x;
  return out;
}

}  // namespace

std::string to_svg(Diagram diagram) {
  for (auto& box : diagram.boxes) measure(box);
  place(diagram);
  double right = 0;
  const std::string below = legend(diagram, diagram.height - 6, right);
  // Stacks stand out to the right.
  const double width = std::ceil(std::max({diagram.width + 10, right + 12, text_width(diagram.title, 17, true) + 64}));
  const double height = std::ceil(diagram.height + (below.empty() ? 0 : 24));
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" role="img" aria-label="Flow {2}">)"
      "\n",
      width, height, escaped(diagram.title));
  out += kStyle;
  out +=
      R"(<defs><pattern id="dots" width="20" height="20" patternUnits="userSpaceOnUse"><circle class="dot" cx="2" cy="2" r="1.1"/></pattern></defs>)"
      "\n";
  out += fmt::format(
      R"x(<rect class="paper" width="{0:.0f}" height="{1:.0f}" rx="14"/><rect width="{0:.0f}" height="{1:.0f}" rx="14" fill="url(#dots)"/>)x"
      "\n",
      width, height);
  out += fmt::format(R"(<text class="heading" x="32" y="38">{}</text>)"
                     "\n",
                     escaped(diagram.title));
  for (const auto& line : diagram.lines) draw(out, line, diagram.vertical);
  for (const auto& box : diagram.boxes) draw(out, box);
  out += below;
  return out + "</svg>\n";
}

}  // namespace jina::exporter
