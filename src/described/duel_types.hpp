// The structs of the tests that compare with FastAPI: the same model as in pydantic v1.
//
// Thread, lifetime, cancellation: plain values of tests.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jina/described.hpp"

namespace jina::duel {

enum class Mode : std::uint8_t { fast, exact };
BOOST_DESCRIBE_ENUM(Mode, fast, exact)

struct Limits {
  std::int64_t low = 0;
  std::optional<double> high;
};
BOOST_DESCRIBE_STRUCT(Limits, (), (low, high))

struct Node {
  std::string name;
  Defaulted<std::vector<Node>> children;
};
BOOST_DESCRIBE_STRUCT(Node, (), (name, children))

struct Ask {
  std::string text;
  std::int64_t top_k = 10;
  double ratio = 0.5;
  std::optional<double> threshold;
  bool fast = false;
  Mode mode = Mode::fast;
  Mode mode2 = Mode::exact;
  std::vector<std::string> names = {"x"};
  std::map<std::string, std::int64_t> weights;
  Limits limits;
  Limits limits2 = {3, {}};
  std::optional<Limits> limits3;
  boost::json::value extra;
  Node root;
  std::vector<std::vector<std::int64_t>> nested;
  std::string code = "abc";
  boost::json::object obj;
  boost::json::array arr;
  std::vector<std::string> tags = {"aa"};
  std::vector<bool> flags = {true};
  Defaulted<std::int64_t> offset = 0;

  static void describe(Fields& on) {
    on["text"].says("what to ask").min_length(1).max_length(5).example("hi");
    on["top_k"].at_least(1).at_most(100);
    on["ratio"].greater_than(0).less_than(1);
    on["names"].min_items(1).max_items(2);
    on["limits2"].says("more limits");
    on["code"].pattern("^[a-z]+$");
    on["tags"].min_length(2);
  }
};
BOOST_DESCRIBE_STRUCT(Ask, (),
                      (text, top_k, ratio, threshold, fast, mode, mode2, names, weights, limits, limits2, limits3, extra, root,
                       nested, code, obj, arr, tags, flags, offset))

}  // namespace jina::duel
