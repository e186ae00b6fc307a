#include "sentences.hpp"

#include "check.hpp"

using List = std::vector<std::string>;

int main() {
  check(sentences("One. Two!") == List{"One.", "Two!"}, "each ends with its sign");
  check(sentences("Really?! Yes") == List{"Really?!", "Yes"}, "signs in a row, and none at the end");
  check(sentences("  ").empty(), "blanks are no sentence");
  check(sentences("a. b. c.", 2) == List{"a.", "b."}, "not more than the limit");
  return checks_result("sentences");
}
