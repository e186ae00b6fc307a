# JUnit files written from shell, so that every kind of test ends in the same table.

JUNIT_BODY='' JUNIT_TESTS=0 JUNIT_FAILURES=0

xml_escape() {
  local text=$1
  text=${text//&/&amp;} text=${text//</&lt;} text=${text//>/&gt;} text=${text//\"/&quot;}
  # Control characters have no place in XML.
  tr -d '\000-\010\013\014\016-\037' <<<"$text"
}

junit_begin() { JUNIT_BODY='' JUNIT_TESTS=0 JUNIT_FAILURES=0; }

# junit_case NAME pass|fail [TEXT]
junit_case() {
  local name
  name=$(xml_escape "$1")
  JUNIT_TESTS=$((JUNIT_TESTS + 1))
  if [[ $2 == pass ]]; then
    JUNIT_BODY+="  <testcase name=\"$name\"/>"$'\n'
  else
    JUNIT_FAILURES=$((JUNIT_FAILURES + 1))
    JUNIT_BODY+="  <testcase name=\"$name\"><failure>$(xml_escape "${3:-}")</failure></testcase>"$'\n'
  fi
}

# junit_end SUITE FILE
junit_end() {
  mkdir -p "$(dirname "$2")"
  printf '<testsuite name="%s" tests="%d" failures="%d">\n%s</testsuite>\n' "$1" "$JUNIT_TESTS" "$JUNIT_FAILURES" "$JUNIT_BODY" >"$2"
}
