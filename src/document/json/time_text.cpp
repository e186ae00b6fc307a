#include "document/json/time_text.hpp"

#include <chrono>
#include <string_view>

namespace jina {
namespace {

// printf was a sixth of all instructions of a small request: four times stand in every answer.
class TimeText {
 public:
  TimeText& put(char c) {
    text_[size_++] = c;
    return *this;
  }
  TimeText& digits(std::int64_t value, int count) {
    for (int i = count; i-- > 0; value /= 10) text_[size_ + static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    size_ += static_cast<std::size_t>(count);
    return *this;
  }
  std::string_view view() const { return {text_, size_}; }

 private:
  char text_[40] = {};
  std::size_t size_ = 0;
};

constexpr std::int64_t kDay = 86'400;

std::int64_t floor_divide(std::int64_t value, std::int64_t by) { return value >= 0 ? value / by : -((-value + by - 1) / by); }

// The quote and the text up to the second, of the second that was asked for last.
class SpelledSecond {
 public:
  const TimeText& at(std::int64_t seconds) {
    if (known_ && seconds == seconds_) return text_;
    known_ = true;
    seconds_ = seconds;
    const std::int64_t day = floor_divide(seconds, kDay);
    const std::int64_t second = seconds - day * kDay;
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    text_ = {};
    text_.put('"').digits(static_cast<int>(date.year()), 4).put('-').digits(static_cast<unsigned>(date.month()), 2);
    text_.put('-').digits(static_cast<unsigned>(date.day()), 2).put('T').digits(second / 3600, 2);
    text_.put(':').digits(second / 60 % 60, 2).put(':').digits(second % 60, 2);
    return text_;
  }

 private:
  bool known_ = false;
  std::int64_t seconds_ = 0;
  TimeText text_;
};

}  // namespace

void write_time(pyjson::Output& output, std::int64_t seconds, std::int64_t nanos) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kFirst = -62'135'596'800;  // year 1
  constexpr std::int64_t kLast = 253'402'300'799;   // year 9999
  const std::int64_t carry = floor_divide(nanos, kSecond);
  nanos -= carry * kSecond;
  if (seconds < kFirst || seconds + carry < kFirst || seconds + carry > kLast) return output.fail("a time out of range");
  seconds += carry;

  // The times of an answer lie in the same second, mostly: it is spelled once.
  thread_local SpelledSecond spelled;
  TimeText text = spelled.at(seconds);
  if (output.http()) {
    if (nanos >= 1000) text.put('.').digits(nanos / 1000, 6);
  } else if (nanos != 0) {
    text.put('.');
    if (nanos % 1'000'000 == 0) {
      text.digits(nanos / 1'000'000, 3);
    } else if (nanos % 1000 == 0) {
      text.digits(nanos / 1000, 6);
    } else {
      text.digits(nanos, 9);
    }
  }
  for (const char c : output.http() ? std::string_view("+00:00\"") : std::string_view("Z\"")) text.put(c);
  output.raw(text.view());
}

}  // namespace jina
