#include "described/scalars.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/python_number.hpp"

namespace jina::described {
namespace {

template <class Call>
auto with_type(const TypeInfo& type, Call call) {
  switch (type.size) {
    case 1: return type.is_signed ? call(std::int8_t{}) : call(std::uint8_t{});
    case 2: return type.is_signed ? call(std::int16_t{}) : call(std::uint16_t{});
    case 4: return type.is_signed ? call(std::int32_t{}) : call(std::uint32_t{});
    default: return type.is_signed ? call(std::int64_t{}) : call(std::uint64_t{});
  }
}

}  // namespace

std::optional<Whole> Whole::of(double value) noexcept {
  if (!std::isfinite(value) || std::trunc(value) != value) return std::nullopt;
  const double size = std::abs(value);
  if (size >= 0x1p64) return Whole{value < 0, 0, true};
  return Whole{value < 0, static_cast<std::uint64_t>(size)};
}

std::optional<Whole> Whole::of(std::string_view text) {
  // A few plain digits are all that is given as a rule.
  if (!text.empty() && text.size() < 19) {
    Whole plain{false};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), plain.magnitude);
    if (error == std::errc() && end == text.data() + text.size()) return plain;
  }
  const std::optional<pyjson::IntegerText> read = pyjson::integer_text(text);
  if (!read) return std::nullopt;
  Whole whole{read->negative};
  const char* const end = read->digits.data() + read->digits.size();
  whole.beyond = std::from_chars(read->digits.data(), end, whole.magnitude).ec != std::errc();
  return whole;
}

long double Whole::real() const noexcept {
  const long double size = beyond ? std::numeric_limits<long double>::infinity() : static_cast<long double>(magnitude);
  return negative ? -size : size;
}

boost::json::value lowest(const TypeInfo& type) {
  if (type.kind == Kind::kFloat) return static_cast<double>(std::numeric_limits<float>::lowest());
  return with_type(type, [](auto zero) { return boost::json::value(std::numeric_limits<decltype(zero)>::min()); });
}

boost::json::value highest(const TypeInfo& type) {
  if (type.kind == Kind::kFloat) return static_cast<double>(std::numeric_limits<float>::max());
  return with_type(type, [](auto zero) { return boost::json::value(std::numeric_limits<decltype(zero)>::max()); });
}

bool store_integer(const TypeInfo& type, void* into, const Whole& value) noexcept {
  return with_type(type, [&](auto zero) {
    using Integer = decltype(zero);
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<Integer>::max());
    const std::uint64_t most = !value.negative ? kMost : std::is_signed_v<Integer> ? kMost + 1 : 0;
    if (value.beyond || value.magnitude > most) return false;
    const auto stored = static_cast<Integer>(value.negative ? ~value.magnitude + 1 : value.magnitude);
    std::memcpy(into, &stored, sizeof(stored));
    return true;
  });
}

void store_enumerator(const TypeInfo& type, void* into, std::int64_t value) noexcept {
  with_type(type, [&](auto zero) {
    const auto stored = static_cast<decltype(zero)>(value);
    std::memcpy(into, &stored, sizeof(stored));
    return true;
  });
}

std::int64_t load_integer(const TypeInfo& type, const void* from) noexcept {
  return with_type(type, [&](auto zero) {
    std::memcpy(&zero, from, sizeof(zero));
    return static_cast<std::int64_t>(zero);
  });
}

bool store_float(const TypeInfo& type, void* into, double value) noexcept {
  if (type.size == sizeof(double)) {
    *static_cast<double*>(into) = value;
    return true;
  }
  // What rounds to the largest float is still in range.
  constexpr double kEnd = 0x1.ffffffp127;
  if (std::isfinite(value) && std::abs(value) >= kEnd) return false;
  *static_cast<float*>(into) = static_cast<float>(value);
  return true;
}

double load_float(const TypeInfo& type, const void* from) noexcept {
  if (type.size == sizeof(double)) return *static_cast<const double*>(from);
  const float value = *static_cast<const float*>(from);
  if (!std::isfinite(value)) return value;
  char digits[32];
  const char* const end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  double same = 0;
  std::from_chars(digits, end, same);
  return same;
}

}  // namespace jina::described
