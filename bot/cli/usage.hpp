// What a command line that cannot be understood is answered with: what is wrong, what is near, where help is.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace broadsheet::cli {

std::string usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace broadsheet::cli
