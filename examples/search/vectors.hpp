// Vectors: rows of floats of one width, and the rows that are closest to a query.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace search {

class Vectors {
 public:
  using Hit = std::pair<float, std::size_t>;  ///< cosine, row

  std::size_t rows() const noexcept { return width_ == 0 ? 0 : values_.size() / width_; }

  /// Appends a row, or puts it in the place of `row`; it is kept at length 1.
  void set(std::size_t row, std::vector<float> values) {
    if (width_ == 0) width_ = values.size();
    check(values.size());
    normalize(values);
    if (row == rows()) values_.resize(values_.size() + width_);
    std::copy(values.begin(), values.end(), values_.begin() + static_cast<std::ptrdiff_t>(row * width_));
  }

  /// The last row takes the place of `row`.
  void remove(std::size_t row) {
    const auto last = values_.end() - static_cast<std::ptrdiff_t>(width_);
    std::copy(last, values_.end(), values_.begin() + static_cast<std::ptrdiff_t>(row * width_));
    values_.erase(last, values_.end());
    if (values_.empty()) width_ = 0;
  }

  /// The best `count`, best first.
  std::vector<Hit> closest(std::vector<float> query, std::size_t count) const {
    std::vector<Hit> hits;
    if (rows() == 0) return hits;
    check(query.size());
    normalize(query);
    hits.reserve(rows());
    for (std::size_t row = 0; row < rows(); ++row) {
      const float* values = values_.data() + row * width_;
      float sum = 0;
      for (std::size_t i = 0; i < width_; ++i) sum += values[i] * query[i];
      hits.emplace_back(sum, row);
    }
    const auto end = hits.begin() + static_cast<std::ptrdiff_t>(std::min(count, hits.size()));
    std::partial_sort(hits.begin(), end, hits.end(), [](const Hit& a, const Hit& b) { return a.first > b.first; });
    hits.erase(end, hits.end());
    return hits;
  }

 private:
  void check(std::size_t width) const {
    if (width == 0) throw std::invalid_argument("an embedding of no dimension");
    if (width != width_)
      throw std::invalid_argument("the index holds embeddings of " + std::to_string(width_) + " dimensions, this one has " +
                                  std::to_string(width) +
                                  ": another embedder made it. Use a workspace of its own for each embedder");
  }

  static void normalize(std::vector<float>& values) {
    float square = 0;
    for (const float value : values) square += value * value;
    if (square == 0) return;
    for (float& value : values) value /= std::sqrt(square);
  }

  std::size_t width_ = 0;
  std::vector<float> values_;
};

}  // namespace search
