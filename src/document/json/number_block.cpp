#include "document/json/number_block.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>

namespace jina::pyjson {
namespace {

constexpr std::size_t kMaxRank = 32;  // numpy's

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }
bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Eight digits at once, after Langdale and Lemire.
bool are_eight_digits(std::uint64_t chunk) {
  return (((chunk & 0xF0F0F0F0F0F0F0F0) | (((chunk + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4)) == 0x3333333333333333);
}
std::uint64_t eight_digits(std::uint64_t chunk) {
  chunk = (chunk & 0x0F0F0F0F0F0F0F0F) * 2561 >> 8;
  chunk = (chunk & 0x00FF00FF00FF00FF) * 6553601 >> 16;
  return (chunk & 0x0000FFFF0000FFFF) * 42949672960001 >> 32;
}

// Appends the digits at `at` to `mantissa`, which wraps when there are more than 19; the caller counts them.
const char* read_digits(const char* at, const char* end, std::uint64_t& mantissa) {
  while (end - at >= 8) {
    std::uint64_t chunk;
    std::memcpy(&chunk, at, 8);
    if (!are_eight_digits(chunk)) break;
    mantissa = mantissa * 100000000 + eight_digits(chunk);
    at += 8;
  }
  for (; at != end && is_digit(*at); ++at) mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at - '0');
  return at;
}

constexpr double kExactPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

double slow_float(const char* begin, const char* end) {
  double value = 0;
  const auto [after, error] = std::from_chars(begin, end, value);
  if (error == std::errc()) return value;
  // Out of range: Python takes such a literal for infinity or zero, so does strtod.
  return std::strtod(std::string(begin, end).c_str(), nullptr);
}

}  // namespace

const char* read_number(const char* at, const char* end, Number& number) {
  const char* const begin = at;
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  if (at == end || !is_digit(*at)) return nullptr;
  std::uint64_t mantissa = 0;
  const char* const digits = at;
  if (*at == '0') {
    ++at;
  } else {
    at = read_digits(at, end, mantissa);
  }
  std::size_t count = static_cast<std::size_t>(at - digits);
  const char* const integer_end = at;
  std::int64_t exponent = 0;
  bool is_float = false;
  if (at != end && *at == '.' && end - at > 1 && is_digit(at[1])) {
    is_float = true;
    const char* const fraction = at + 1;
    at = read_digits(fraction, end, mantissa);
    exponent = fraction - at;
    // Leading zeros do not use up the 19 digits that a mantissa holds.
    if (mantissa != 0 && count == 1 && *digits == '0') {
      const char* first = fraction;
      while (*first == '0') ++first;
      count = static_cast<std::size_t>(at - first);
    } else {
      count += static_cast<std::size_t>(at - fraction);
    }
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    const char* digit = at + 1;
    if (digit != end && (*digit == '+' || *digit == '-')) ++digit;
    if (digit != end && is_digit(*digit)) {
      const bool down = digit[-1] == '-';
      std::int64_t written = 0;
      for (; digit != end && is_digit(*digit); ++digit) {
        if (written < 100000) written = written * 10 + (*digit - '0');
      }
      exponent += down ? -written : written;
      at = digit;
      is_float = true;
    }
  }
  number.is_float = is_float;
  number.fits = true;
  if (!is_float) {
    at = integer_end;
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    if (count > 19 || mantissa > kMost + (negative ? 1 : 0)) {
      number.fits = false;
      return at;
    }
    number.integer = static_cast<std::int64_t>(negative ? 0 - mantissa : mantissa);
    return at;
  }
  // Clinger's case: both numbers are exact as doubles, so their product or quotient is rounded once.
  if (count <= 19 && mantissa <= (std::uint64_t{1} << 53) && exponent >= -22 && exponent <= 22) {
    double value = static_cast<double>(mantissa);
    value = exponent < 0 ? value / kExactPowers[-exponent] : value * kExactPowers[exponent];
    number.real = negative ? -value : value;
    return at;
  }
  number.real = slow_float(begin, at);
  return at;
}

namespace {

// Grows by doubling; realloc moves large blocks without a copy.
class Elements {
 public:
  Elements() = default;
  Elements(const Elements&) = delete;
  Elements& operator=(const Elements&) = delete;
  ~Elements() { std::free(block_); }

  template <class T>
  void push(T value) {
    if (size_ == capacity_) grow();
    std::memcpy(data() + size_ * 8, &value, 8);
    ++size_;
  }
  std::size_t size() const { return size_; }

  void integers_to_floats() {
    for (std::size_t i = 0; i < size_; ++i) {
      std::int64_t integer;
      std::memcpy(&integer, data() + i * 8, 8);
      const auto real = static_cast<double>(integer);
      std::memcpy(data() + i * 8, &real, 8);
    }
  }
  Bytes take() {
    auto* block = new (block_) detail::BytesBlock();
    block->release = [](detail::BytesBlock* self) noexcept {
      self->~BytesBlock();
      std::free(self);
    };
    const char* begin = data();
    block_ = nullptr;
    return Bytes::adopt(block, begin, size_ * 8);
  }

 private:
  static constexpr std::size_t kHeader = (sizeof(detail::BytesBlock) + 15) & ~std::size_t{15};
  char* data() { return static_cast<char*>(block_) + kHeader; }
  void grow() {
    capacity_ = capacity_ == 0 ? 64 : capacity_ * 2;
    void* moved = std::realloc(block_, kHeader + capacity_ * 8);
    if (moved == nullptr) throw std::bad_alloc();
    block_ = moved;
  }

  void* block_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

const char* skip_space(const char* at, const char* end) {
  while (at != end && is_space(*at)) ++at;
  return at;
}

}  // namespace

const char* read_number_block(const char* at, const char* end, NumberBlock& block) {
  // counts[level]: items seen in the list open at that level; shape[level] is known once a list of that level was closed.
  std::uint32_t counts[kMaxRank] = {};
  std::int64_t shape[kMaxRank];
  std::size_t level = 0;  // lists open
  std::size_t rank = 0;   // known once the first number was read
  bool is_float = false;
  Elements elements;
  const char* const begin = at;

  while (true) {
    // At the start of an item.
    at = skip_space(at, end);
    if (at == end) return nullptr;
    if (*at == '[') {
      if (level == (rank == 0 ? kMaxRank : rank)) return nullptr;
      counts[level] = 0;
      if (rank == 0) shape[level] = -1;
      ++level;
      ++at;
      continue;
    }
    if (rank == 0) rank = level;
    if (level != rank) return nullptr;
    Number number;
    at = read_number(at, end, number);
    if (at == nullptr || !number.fits || (number.is_float && !std::isfinite(number.real))) return nullptr;
    if (number.is_float != is_float) {
      if (number.is_float) {
        elements.integers_to_floats();
        is_float = true;
      } else {
        number.real = static_cast<double>(number.integer);
      }
    }
    if (is_float) {
      elements.push(number.real);
    } else {
      elements.push(number.integer);
    }
    // After an item: close lists until one goes on.
    while (true) {
      ++counts[level - 1];
      if (at != end && is_space(*at)) at = skip_space(at, end);
      if (at == end) return nullptr;
      if (*at == ',') {
        ++at;
        break;
      }
      if (*at != ']') return nullptr;
      ++at;
      --level;
      if (shape[level] < 0) shape[level] = counts[level];
      if (shape[level] != counts[level]) return nullptr;
      if (level == 0) {
        block.shape.assign(shape, shape + rank);
        block.is_float = is_float;
        block.buffer = elements.take();
        block.text = std::string_view(begin, static_cast<std::size_t>(at - begin));
        return at;
      }
    }
  }
}

}  // namespace jina::pyjson
