#include "document/json/parse.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <vector>

#include "document/json/number_block.hpp"
#include "document/json/scan_string.hpp"

namespace jina::pyjson {
namespace {

// Python's json gives up near its recursion limit of 1000; the frames below it in a server leave about this many.
constexpr int kMaxDepth = 960;
constexpr std::size_t kMaxIntegerDigits = 4300;

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

class Parser {
 public:
  Parser(std::string_view text, Arena& arena) : begin_(text.data()), end_(text.data() + text.size()), at_(begin_), arena_(arena) {}

  ParseResult run() {
    skip_space();
    Value value;
    if (!parse_value(value, 0, false)) return failure();
    skip_space();
    if (at_ != end_) {
      fail("Extra data", at_);
      return failure();
    }
    return value;
  }

  /// One list without number blocks.
  Value expand_list() {
    Value value;
    blocks_allowed_ = false;
    parse_value(value, 0, false);
    return value;
  }

 private:
  ParseResult failure() const {
    if (refusal_ != nullptr) return Refusal{refusal_};
    const std::string_view before(begin_, static_cast<std::size_t>(error_at_ - begin_));
    SyntaxError error;
    error.message = error_;
    error.pos = code_points(before);
    error.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t newline = before.rfind('\n');
    error.column = 1 + code_points(newline == std::string_view::npos ? before : before.substr(newline + 1));
    return error;
  }
  bool fail(const char* message, const char* where) {
    error_ = message;
    error_at_ = where;
    return false;
  }
  bool refuse(const char* message) {
    refusal_ = message;
    return false;
  }
  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }
  bool take_word(std::string_view word) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() || std::string_view(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  bool parse_value(Value& value, int depth, bool may_be_block) {
    if (at_ == end_) return fail("Expecting value", at_);
    switch (*at_) {
      case '"': return parse_string(value);
      case '{':
        if (depth >= kMaxDepth) return refuse("nested too deeply");
        return parse_object(value, depth);
      case '[':
        if (depth >= kMaxDepth) return refuse("nested too deeply");
        if (may_be_block && blocks_allowed_ && parse_block(value)) return true;
        return parse_array(value, depth);
      case 'n':
        if (take_word("null")) return true;
        break;
      case 't':
        if (take_word("true")) return set(value, Value::of_bool(true));
        break;
      case 'f':
        if (take_word("false")) return set(value, Value::of_bool(false));
        break;
      case 'N':
        if (take_word("NaN")) return set(value, Value::of_float(std::numeric_limits<double>::quiet_NaN()));
        break;
      case 'I':
        if (take_word("Infinity")) return set(value, Value::of_float(std::numeric_limits<double>::infinity()));
        break;
      case '-':
        if (take_word("-Infinity")) return set(value, Value::of_float(-std::numeric_limits<double>::infinity()));
        break;
      default: break;
    }
    return parse_number(value);
  }
  static bool set(Value& value, Value other) {
    value = other;
    return true;
  }

  bool parse_number(Value& value) {
    Number number;
    const char* const after = read_number(at_, end_, number);
    if (after == nullptr) return fail("Expecting value", at_);
    if (number.is_float) {
      value = Value::of_float(number.real);
    } else if (number.fits) {
      value.kind = Kind::kInt;
      value.integer = number.integer;
    } else {
      const auto digits = static_cast<std::size_t>(after - at_) - (*at_ == '-' ? 1 : 0);
      if (digits > kMaxIntegerDigits) return refuse("an integer of more than 4300 digits");
      value.kind = Kind::kBigInt;
      value.text = at_;
      value.size = static_cast<std::uint32_t>(after - at_);
    }
    at_ = after;
    return true;
  }

  bool parse_string(Value& value) {
    const ScannedString scanned = scan_string(at_, end_, arena_);
    if (scanned.error != nullptr) return fail(scanned.error, scanned.after);
    value = Value::of_string(scanned.text, scanned.lone_surrogate);
    at_ = scanned.after;
    return true;
  }

  bool parse_block(Value& value) {
    NumberBlock block;
    const char* const after = read_number_block(at_, end_, block);
    if (after == nullptr) return false;
    NumberBlock& kept = arena_.make_block();
    kept = std::move(block);
    value.kind = Kind::kNumbers;
    value.block = &kept;
    at_ = after;
    return true;
  }

  bool parse_array(Value& value, int depth) {
    const std::size_t first = items_.size();
    ++at_;
    skip_space();
    if (at_ != end_ && *at_ == ']') {
      ++at_;
    } else {
      while (true) {
        Value item;
        if (!parse_value(item, depth + 1, false)) return false;
        items_.push_back(item);
        skip_space();
        if (at_ != end_ && *at_ == ',') {
          ++at_;
          skip_space();
          continue;
        }
        if (at_ == end_ || *at_ != ']') return fail("Expecting ',' delimiter", at_);
        ++at_;
        break;
      }
    }
    value = Value::of_array(arena_.copy(std::span<const Value>(items_).subspan(first)));
    items_.resize(first);
    return true;
  }

  bool parse_object(Value& value, int depth) {
    const std::size_t first = members_.size();
    ++at_;
    skip_space();
    if (at_ != end_ && *at_ == '}') {
      ++at_;
    } else {
      while (true) {
        if (at_ == end_ || *at_ != '"') return fail("Expecting property name enclosed in double quotes", at_);
        Member member;
        if (!parse_string(member.key)) return false;
        skip_space();
        if (at_ == end_ || *at_ != ':') return fail("Expecting ':' delimiter", at_);
        ++at_;
        skip_space();
        const std::string_view key = member.key.string();
        if (!parse_value(member.value, depth + 1, key == "tensor" || key == "embedding")) return false;
        members_.push_back(member);
        skip_space();
        if (at_ != end_ && *at_ == ',') {
          ++at_;
          skip_space();
          continue;
        }
        if (at_ == end_ || *at_ != '}') return fail("Expecting ',' delimiter", at_);
        ++at_;
        break;
      }
    }
    drop_repeated(first);
    value = Value::of_object(arena_.copy(std::span<const Member>(members_).subspan(first)));
    members_.resize(first);
    return true;
  }

  // A repeated key keeps its first place and gets the last value, as in a Python dict.
  void drop_repeated(std::size_t first) {
    constexpr std::size_t kFew = 24;
    std::size_t kept = first;
    if (members_.size() - first <= kFew) {
      for (std::size_t i = first; i < members_.size(); ++i) {
        const std::string_view key = members_[i].key.string();
        std::size_t same = first;
        while (same < kept && members_[same].key.string() != key) ++same;
        put(i, same, kept);
      }
    } else {
      std::unordered_map<std::string_view, std::size_t> places;
      places.reserve(members_.size() - first);
      for (std::size_t i = first; i < members_.size(); ++i)
        put(i, places.emplace(members_[i].key.string(), kept).first->second, kept);
    }
    members_.resize(kept);
  }
  void put(std::size_t from, std::size_t to, std::size_t& kept) {
    if (to < kept) {
      members_[to].value = members_[from].value;
      return;
    }
    if (from != kept) members_[kept] = members_[from];
    ++kept;
  }

  const char* begin_;
  const char* end_;
  const char* at_;
  Arena& arena_;
  bool blocks_allowed_ = true;
  // Items of the lists and objects that are open, innermost last.
  std::vector<Value> items_;
  std::vector<Member> members_;
  const char* error_ = nullptr;
  const char* error_at_ = nullptr;
  const char* refusal_ = nullptr;
};

}  // namespace

std::string SyntaxError::to_string() const {
  return message + ": line " + std::to_string(line) + " column " + std::to_string(column) + " (char " + std::to_string(pos) + ")";
}

ParseResult parse(std::string_view text, Arena& arena) { return Parser(text, arena).run(); }

Value expand(const NumberBlock& block, Arena& arena) { return Parser(block.text, arena).expand_list(); }

}  // namespace jina::pyjson
