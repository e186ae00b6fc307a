#include "keywords.hpp"

#include "check.hpp"

int main() {
  check(keywords("The Quick, quick fox!", 4) == "quick quick", "short words go, the rest is in small letters");
  check(keywords("The fox", 1) == "the fox", "all of them");
  check(keywords(" - ", 1).empty(), "signs are no words");
  return checks_result("keywords");
}
