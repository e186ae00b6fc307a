#include <jina/module.hpp>
