// place(): layers by the longest way from the gateway, an order in each that crosses few lines, and places that make lines
// straight.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "exporter/diagram.hpp"

namespace jina::exporter {

namespace {

constexpr double kBetweenLayers = 72;
constexpr double kBetweenBoxes = 30;
constexpr double kMargin = 32;
constexpr double kTitle = 34;

/// A box, or the place where a line passes a layer.
struct Slot {
  std::size_t layer = 0;
  double along = 0, across = 0;  ///< size
  double at = 0;                 ///< middle across
  std::vector<std::size_t> before{}, after{};
};

class Placer {
 public:
  explicit Placer(Diagram& diagram) : diagram_(diagram) {}

  void run() {
    make_slots();
    for (int sweep = 0; sweep < 8; ++sweep) order(sweep % 2 == 0);
    settle();
    write_back();
  }

 private:
  void make_slots() {
    const auto& boxes = diagram_.boxes;
    slots_.resize(boxes.size());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      slots_[i].along = diagram_.vertical ? boxes[i].height : boxes[i].width;
      slots_[i].across = diagram_.vertical ? boxes[i].width : boxes[i].height;
    }
    // A Flow has no circles; as many rounds as boxes are enough for the longest way.
    for (std::size_t round = 0; round < boxes.size(); ++round)
      for (const auto& line : diagram_.lines)
        slots_[line.to].layer = std::max(slots_[line.to].layer, std::min(slots_[line.from].layer + 1, boxes.size()));
    std::size_t last = 0;
    for (const auto& slot : slots_) last = std::max(last, slot.layer);
    if (slots_.back().layer < last) slots_.back().layer = last;
    layers_.resize(last + 1);
    for (std::size_t i = 0; i < boxes.size(); ++i) layers_[slots_[i].layer].push_back(i);
    for (const auto& line : diagram_.lines) {
      std::vector<std::size_t> way{line.from};
      for (std::size_t layer = slots_[line.from].layer + 1; layer < slots_[line.to].layer; ++layer) {
        layers_[layer].push_back(slots_.size());
        way.push_back(slots_.size());
        slots_.push_back({.layer = layer, .across = 6});
      }
      way.push_back(line.to);
      for (std::size_t i = 0; i + 1 < way.size(); ++i) {
        slots_[way[i]].after.push_back(way[i + 1]);
        slots_[way[i + 1]].before.push_back(way[i]);
      }
      ways_.push_back(std::move(way));
    }
  }

  /// One sweep: each layer in the order of the middle of its neighbours in the layer before (or after).
  void order(bool forward) {
    std::vector<double> rank(slots_.size());
    for (const auto& layer : layers_)
      for (std::size_t i = 0; i < layer.size(); ++i)
        rank[layer[i]] = static_cast<double>(i) - static_cast<double>(layer.size()) / 2;
    for (std::size_t step = 0; step < layers_.size(); ++step) {
      auto& layer = layers_[forward ? step : layers_.size() - 1 - step];
      std::vector<double> wish(slots_.size());
      for (const auto slot : layer) {
        const auto& near = forward ? slots_[slot].before : slots_[slot].after;
        wish[slot] = near.empty() ? rank[slot] : std::accumulate(near.begin(), near.end(), 0.0, [&](double sum, auto n) {
                                                   return sum + rank[n];
                                                 }) / static_cast<double>(near.size());
      }
      std::stable_sort(layer.begin(), layer.end(), [&](auto a, auto b) { return wish[a] < wish[b]; });
      for (std::size_t i = 0; i < layer.size(); ++i)
        rank[layer[i]] = static_cast<double>(i) - static_cast<double>(layer.size()) / 2;
    }
  }

  void settle() {
    for (const auto& layer : layers_) {
      double at = 0;
      for (const auto slot : layer) {
        slots_[slot].at = at + slots_[slot].across / 2;
        at += slots_[slot].across + kBetweenBoxes;
      }
      for (const auto slot : layer) slots_[slot].at -= (at - kBetweenBoxes) / 2;
    }
    for (int sweep = 0; sweep < 24; ++sweep)
      for (std::size_t step = 0; step < layers_.size(); ++step)
        align(layers_[sweep % 2 == 0 ? step : layers_.size() - 1 - step], sweep % 2 == 0);
  }

  /// Towards the middle of the neighbours, without overlap and in their order.
  void align(const std::vector<std::size_t>& layer, bool forward) {
    std::vector<double> wish;
    for (const auto slot : layer) {
      auto near = forward ? slots_[slot].before : slots_[slot].after;
      if (near.empty()) near = forward ? slots_[slot].after : slots_[slot].before;
      double sum = 0;
      for (const auto n : near) sum += slots_[n].at;
      wish.push_back(near.empty() ? slots_[slot].at : sum / static_cast<double>(near.size()));
    }
    // Those that would overlap move apart around the middle of what they wish.
    struct Group {
      std::size_t first, count;
      double sum;  // of the wishes for the first one's place
      double at() const { return sum / static_cast<double>(count); }
    };
    std::vector<double> offset(layer.size(), 0);
    for (std::size_t i = 1; i < layer.size(); ++i)
      offset[i] = offset[i - 1] + (slots_[layer[i - 1]].across + slots_[layer[i]].across) / 2 + kBetweenBoxes;
    std::vector<Group> groups;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      groups.push_back({i, 1, wish[i] - offset[i]});
      while (groups.size() > 1 && groups[groups.size() - 2].at() >= groups.back().at()) {
        groups[groups.size() - 2].count += groups.back().count;
        groups[groups.size() - 2].sum += groups.back().sum;
        groups.pop_back();
      }
    }
    for (const auto& group : groups)
      for (std::size_t i = group.first; i < group.first + group.count; ++i) slots_[layer[i]].at = group.at() + offset[i];
  }

  void write_back() {
    double least = std::numeric_limits<double>::max(), most = std::numeric_limits<double>::lowest();
    for (const auto& slot : slots_) {
      least = std::min(least, slot.at - slot.across / 2);
      most = std::max(most, slot.at + slot.across / 2);
    }
    std::vector<double> start(layers_.size()), size(layers_.size());
    double along = diagram_.vertical ? kMargin + kTitle : kMargin;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      for (const auto slot : layers_[i]) size[i] = std::max(size[i], slots_[slot].along);
      start[i] = along;
      along += size[i] + kBetweenLayers;
    }
    along += kMargin - kBetweenLayers;
    const double shift = (diagram_.vertical ? kMargin : kMargin + kTitle) - least;
    const auto point = [&](double a, double c) { return diagram_.vertical ? Point{c + shift, a} : Point{a, c + shift}; };
    for (std::size_t i = 0; i < diagram_.boxes.size(); ++i) {
      const auto where = point(start[slots_[i].layer] + size[slots_[i].layer] / 2, slots_[i].at);
      diagram_.boxes[i].x = where.x;
      diagram_.boxes[i].y = where.y;
    }
    for (std::size_t i = 0; i < ways_.size(); ++i) {
      auto& line = diagram_.lines[i];
      for (const auto id : ways_[i]) {
        const auto& slot = slots_[id];
        const double middle = start[slot.layer] + size[slot.layer] / 2;
        if (id == line.from) {
          line.through.push_back(point(middle + slot.along / 2, slot.at));
        } else if (id == line.to) {
          line.through.push_back(point(middle - slot.along / 2, slot.at));
        } else {
          line.through.push_back(point(start[slot.layer], slot.at));
          line.through.push_back(point(start[slot.layer] + size[slot.layer], slot.at));
        }
      }
    }
    const double across = most + shift + kMargin;
    diagram_.width = diagram_.vertical ? across : along;
    diagram_.height = diagram_.vertical ? along : across;
  }

  Diagram& diagram_;
  std::vector<Slot> slots_{};  // boxes first
  std::vector<std::vector<std::size_t>> layers_{};
  std::vector<std::vector<std::size_t>> ways_{};  // of the lines, through slots
};

}  // namespace

void place(Diagram& diagram) { Placer(diagram).run(); }

}  // namespace jina::exporter
