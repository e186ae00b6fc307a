// What a text is made of, as numbers: its words, their stems, pairs of neighbours and pieces of four letters, each hashed to a
// place in the vector. No model and no vocabulary: texts that share words, or parts of them, come out close to each other.
#pragma once
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace search {

/// Lower-case words; `snake_case`, `camelCase` and `a::b` fall into their parts. Bytes beyond ASCII count as letters.
inline std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  bool was_lower = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool upper = std::isupper(byte) != 0;
    const bool letter = std::isalnum(byte) != 0 || byte >= 0x80;
    if ((!letter || (upper && was_lower)) && !words.back().empty()) words.emplace_back();
    if (letter) words.back() += static_cast<char>(std::tolower(byte));
    was_lower = letter && !upper;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

/// Words that nearly every text has say little about it.
inline bool is_common(std::string_view word) {
  static constexpr std::array kCommon{"a",    "an",    "and",   "are",  "as",   "at",    "be",   "but", "by",  "can",
                                      "do",   "does",  "for",   "from", "has",  "have",  "how",  "i",   "if",  "in",
                                      "is",   "it",    "its",   "my",   "no",   "not",   "of",   "on",  "one", "or",
                                      "so",   "than",  "that",  "the",  "then", "there", "this", "to",  "was", "what",
                                      "when", "where", "which", "who",  "why",  "will",  "with", "you", "your"};
  for (const std::string_view common : kCommon)
    if (word == common) return true;
  return false;
}

/// "gateways" and "gateway", "starting" and "started" meet in their stem.
inline std::string_view stem_of(std::string_view word) {
  for (const std::string_view ending : {"ingly", "ing", "ied", "ies", "ed", "es", "s", "ly", "e"})
    if (word.size() >= ending.size() + 3 && word.ends_with(ending)) return word.substr(0, word.size() - ending.size());
  return word;
}

/// Places and weights; a place that several features share has the sum.
class Features {
 public:
  explicit Features(std::size_t dimensions) : dimensions_(dimensions) {}

  void add(std::string_view kind, std::string_view a, std::string_view b, float weight) {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (const std::string_view part : {kind, a, b})
      for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    hash ^= hash >> 32;
    counts_[hash] += weight;
  }

  /// Of length 1, or all zeros for a text without words. Repetition counts, but less and less.
  std::vector<float> vector() const {
    std::vector<float> values(dimensions_);
    for (const auto& [hash, count] : counts_) {
      const float sign = (hash >> 31 & 1) != 0 ? 1.0F : -1.0F;  // features that meet by chance cancel rather than add up
      values[hash % dimensions_] += sign * std::log1p(count);
    }
    float square = 0;
    for (const float value : values) square += value * value;
    if (square > 0)
      for (float& value : values) value /= std::sqrt(square);
    return values;
  }

 private:
  std::size_t dimensions_;
  std::unordered_map<std::uint64_t, float> counts_;
};

inline std::vector<float> embed(std::string_view text, std::size_t dimensions) {
  Features features(dimensions);
  std::string previous;
  for (const std::string& word : words_of(text)) {
    const float weight = is_common(word) ? 0.05F : 1.0F;
    const std::string_view stem = stem_of(word);
    features.add("word", word, "", 0.4F * weight);
    features.add("stem", stem, "", weight);
    if (!previous.empty()) features.add("pair", previous, stem, 0.5F * weight);
    for (std::size_t i = 0; i + 4 <= word.size(); ++i)
      features.add("part", std::string_view(word).substr(i, 4), "", 0.15F * weight);
    previous = stem;
  }
  return features.vector();
}

}  // namespace search
