// AnswerOrder: the answers to requests that are worked on at the same time, handed out as they come or in the order of the
// requests.
//
// Thread: one. Lifetime: owns the answers that nobody took. Cancellation: forget_missing().
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

namespace jina {

template <class T>
class AnswerOrder {
 public:
  explicit AnswerOrder(bool in_order) : in_order_(in_order) {}

  /// A request begins: its number, for put().
  std::uint64_t expect() {
    ++pending_;
    if (in_order_) slots_.emplace_back();
    return next_number_++;
  }
  void put(std::uint64_t number, T answer) {
    if (in_order_)
      slots_[static_cast<std::size_t>(number - first_number_)] = std::move(answer);
    else
      ready_.push_back(std::move(answer));
  }
  /// The next answer that may go out, if there is one.
  std::optional<T> take() {
    std::optional<T> answer;
    if (!ready_.empty()) {
      answer.emplace(std::move(ready_.front()));
      ready_.pop_front();
    } else if (!slots_.empty() && slots_.front()) {
      answer = std::move(slots_.front());
      slots_.pop_front();
      ++first_number_;
    } else {
      return answer;
    }
    --pending_;
    return answer;
  }
  /// Requests that began and whose answers were not taken.
  std::size_t pending() const noexcept { return pending_; }
  /// So many have begun.
  std::uint64_t begun() const noexcept { return next_number_; }
  /// What is not answered never will be; `last` comes behind what is.
  void forget_missing(T last) {
    for (auto& slot : slots_)
      if (slot) ready_.push_back(std::move(*slot));
    slots_.clear();
    in_order_ = false;
    ready_.push_back(std::move(last));
    pending_ = ready_.size();
  }

 private:
  bool in_order_;
  std::deque<std::optional<T>> slots_{};  // in order: requests first_number_ and following
  std::deque<T> ready_{};                 // else: as they came
  std::uint64_t first_number_ = 0;
  std::uint64_t next_number_ = 0;
  std::size_t pending_ = 0;
};

}  // namespace jina
